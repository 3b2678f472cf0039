<?php
/**
 * What stands in a page: the snippet, and what it reads about the post.
 *
 * @package Tuzet
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

add_action( 'wp_head', 'tuzet_describe_post', 20 );
add_action( 'wp_footer', 'tuzet_place_snippet', 20 );

/**
 * Number, author, section, dates and the way to the editor, where the snippet looks for them.
 */
function tuzet_describe_post(): void {
	$post = is_singular() ? get_queried_object() : null;
	if ( ! $post instanceof WP_Post || ! tuzet_covers( $post ) || '' === tuzet_setting( 'site' ) ) {
		return;
	}
	foreach ( tuzet_facts( $post ) as $name => $content ) {
		if ( '' !== $content ) {
			printf( "<meta name=\"%s\" content=\"%s\">\n", esc_attr( $name ), esc_attr( $content ) );
		}
	}
}

/**
 * What is said about a post, by the names under which the snippet reads it.
 *
 * @return array<string, string>
 */
function tuzet_facts( WP_Post $post ): array {
	$sections = get_the_category( $post->ID );
	return array(
		'tuzet:cms_id'           => (string) $post->ID,
		'tuzet:edit_link'        => tuzet_edit_link( $post ),
		'author'                 => (string) get_the_author_meta( 'display_name', (int) $post->post_author ),
		'article:section'        => $sections ? $sections[0]->name : '',
		'article:published_time' => (string) get_post_time( 'c', true, $post ),
		'article:modified_time'  => (string) get_post_modified_time( 'c', true, $post ),
	);
}

/**
 * Where an editor opens a post. WordPress's own function names it only to those who may edit.
 */
function tuzet_edit_link( WP_Post $post ): string {
	return admin_url( 'post.php?post=' . $post->ID . '&action=edit' );
}

/**
 * The one line that the snippet is.
 */
function tuzet_place_snippet(): void {
	if ( '' === tuzet_setting( 'url' ) || '' === tuzet_setting( 'site' ) || is_admin() ) {
		return;
	}
	// phpcs:ignore WordPress.WP.EnqueuedResources.NonEnqueuedScript -- the snippet finds itself by its attributes.
	printf(
		"<script src=\"%s\" data-site=\"%s\" async></script>\n",
		esc_url( tuzet_setting( 'url' ) . '/tuzet.js' ),
		esc_attr( tuzet_setting( 'site' ) )
	);
}
