<?php
/**
 * Says that a post was saved, so that nobody has to ask again and again whether it was corrected.
 *
 * @package Tuzet
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

const TUZET_LARGEST_CALL = 240 * 1024; // bytes; a longer text is not sent along, and is read from the page

add_action( 'wp_after_insert_post', 'tuzet_note_save', 20, 4 );
add_action( 'shutdown', 'tuzet_tell_saves', 20 );

/**
 * Remember a post that readers see, or saw until now.
 *
 * @param int          $post_id Its number.
 * @param WP_Post      $post    As it stands now.
 * @param bool         $update  Unused.
 * @param WP_Post|null $before  As it stood before.
 */
function tuzet_note_save( int $post_id, WP_Post $post, bool $update, ?WP_Post $before ): void {
	$was_seen = $before instanceof WP_Post && 'publish' === $before->post_status;
	if ( tuzet_covers( $post ) && ( 'publish' === $post->post_status || $was_seen ) ) {
		tuzet_saves( $post_id );
	}
}

/**
 * The posts saved during this request; with an argument, one more of them.
 *
 * @return int[]
 */
function tuzet_saves( ?int $one_more = null ): array {
	static $saves = array();
	if ( null !== $one_more ) {
		$saves[ $one_more ] = $one_more;
	}
	return array_values( $saves );
}

/**
 * Tell of them once the answer is on its way: an editor never waits for us, nor fails with us.
 */
function tuzet_tell_saves(): void {
	$saves = tuzet_saves();
	if ( ! $saves || '' === tuzet_setting( 'url' ) || '' === tuzet_setting( 'secret' ) ) {
		return;
	}
	if ( function_exists( 'fastcgi_finish_request' ) ) {
		fastcgi_finish_request();
	}
	foreach ( $saves as $post_id ) {
		$post = get_post( $post_id );
		if ( $post instanceof WP_Post ) {
			tuzet_tell( tuzet_page_saved( $post ) );
		}
	}
}

/**
 * What is told of a post.
 *
 * @return array<string, string|null>
 */
function tuzet_page_saved( WP_Post $post ): array {
	$is_public = 'publish' === $post->post_status && '' === $post->post_password;
	return array(
		'site'     => tuzet_setting( 'site' ),
		'url'      => (string) get_permalink( $post ),
		'cms_id'   => (string) $post->ID,
		'state'    => $is_public ? 'public' : 'hidden',
		'revision' => (string) count( wp_get_post_revisions( $post->ID, array( 'fields' => 'ids' ) ) ),
		'saved_at' => (string) get_post_modified_time( 'c', true, $post ),
		'html'     => $is_public ? tuzet_rendered( $post ) : null,
	);
}

/**
 * The post as its page shows it.
 */
function tuzet_rendered( WP_Post $post ): string {
	global $wp_query;
	// Filters of the content ask which post it is that they work on.
	$outer           = $GLOBALS['post'] ?? null;
	$GLOBALS['post'] = $post; // phpcs:ignore WordPress.WP.GlobalVariablesOverride.Prohibited
	setup_postdata( $post );
	$content = apply_filters( 'the_content', $post->post_content ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals
	$title   = apply_filters( 'the_title', $post->post_title, $post->ID ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals
	$GLOBALS['post'] = $outer; // phpcs:ignore WordPress.WP.GlobalVariablesOverride.Prohibited
	if ( $wp_query instanceof WP_Query ) {
		wp_reset_postdata();
	}
	return "<article><h1>$title</h1>\n$content</article>";
}

/**
 * One signed call, as Standard Webhooks has it.
 *
 * @param array<string, string|null> $saved What is told.
 */
function tuzet_tell( array $saved ): void {
	$body = (string) wp_json_encode( $saved, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
	if ( strlen( $body ) > TUZET_LARGEST_CALL ) {
		$saved['html'] = null;
		$body          = (string) wp_json_encode( $saved, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
	}
	$id     = 'msg_' . str_replace( '-', '', wp_generate_uuid4() );
	$time   = (string) time();
	$key    = (string) base64_decode( preg_replace( '/^whsec_/', '', tuzet_setting( 'secret' ) ), true );
	$signed = base64_encode( hash_hmac( 'sha256', "$id.$time.$body", $key, true ) );
	wp_remote_post(
		tuzet_setting( 'url' ) . '/api/v1/hooks/page-saved',
		array(
			'timeout'     => 5,
			'redirection' => 0,
			'headers'     => array(
				'Content-Type'      => 'application/json',
				'webhook-id'        => $id,
				'webhook-timestamp' => $time,
				'webhook-signature' => "v1,$signed",
			),
			'body'        => $body,
		)
	);
}
