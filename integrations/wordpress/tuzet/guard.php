<?php
/**
 * Refuses to write a correction into a post that is not what was looked at.
 *
 * WordPress's REST interface knows no conditional write. A write that says what it expects to find
 * (`X-Tuzet-Expected: content=SHA256`) is held against the fields as they are at that moment.
 *
 * @package Tuzet
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

add_action( 'rest_api_init', 'tuzet_guard_types' );

/**
 * Stand before every type of post that has an interface.
 */
function tuzet_guard_types(): void {
	foreach ( get_post_types( array( 'show_in_rest' => true ) ) as $type ) {
		add_filter( "rest_pre_insert_$type", 'tuzet_expect', 10, 2 );
	}
}

/**
 * Let a write pass if the post is what it expects.
 *
 * @param stdClass|WP_Error $prepared What is going to be written.
 * @param WP_REST_Request   $request  Who asks for it.
 * @return stdClass|WP_Error
 */
function tuzet_expect( $prepared, WP_REST_Request $request ) {
	$expected = (string) $request->get_header( 'x_tuzet_expected' );
	$post     = $expected ? get_post( (int) $request->get_param( 'id' ) ) : null;
	if ( is_wp_error( $prepared ) || ! $post instanceof WP_Post ) {
		return $prepared;
	}
	clean_post_cache( $post );
	$post    = get_post( $post->ID );
	$columns = array(
		'content' => $post->post_content,
		'title'   => $post->post_title,
		'excerpt' => $post->post_excerpt,
	);
	foreach ( explode( ',', $expected ) as $pair ) {
		list( $name, $digest ) = array_pad( explode( '=', $pair, 2 ), 2, '' );
		if ( ! isset( $columns[ $name ] ) || ! hash_equals( hash( 'sha256', $columns[ $name ] ), $digest ) ) {
			return new WP_Error( 'tuzet_changed', 'The post has changed since it was read.', array( 'status' => 409 ) );
		}
	}
	return $prepared;
}
