<?php
/**
 * Settings → Tuzet: three values that `tuzet site add` and `tuzet cms add` have printed.
 *
 * @package Tuzet
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

add_action( 'admin_init', 'tuzet_register_settings' );
add_action( 'admin_menu', 'tuzet_add_settings_page' );

/**
 * The values, each cleaned as it comes in.
 */
function tuzet_register_settings(): void {
	register_setting( 'tuzet', 'tuzet_url', array( 'type' => 'string', 'sanitize_callback' => 'esc_url_raw' ) );
	register_setting( 'tuzet', 'tuzet_site', array( 'type' => 'string', 'sanitize_callback' => 'sanitize_text_field' ) );
	register_setting( 'tuzet', 'tuzet_secret', array( 'type' => 'string', 'sanitize_callback' => 'tuzet_keep_secret' ) );
}

/**
 * An empty field keeps the secret that is there: it is never shown again.
 *
 * @param mixed $given What was typed.
 */
function tuzet_keep_secret( $given ): string {
	$given = sanitize_text_field( (string) $given );
	return '' === $given ? (string) get_option( 'tuzet_secret', '' ) : $given;
}

/**
 * The page's place in the menu.
 */
function tuzet_add_settings_page(): void {
	add_options_page( 'Tuzet', 'Tuzet', 'manage_options', 'tuzet', 'tuzet_show_settings' );
}

/**
 * The page.
 */
function tuzet_show_settings(): void {
	$fields = array(
		'url'    => array( 'url', tuzet_word( 'address' ) ),
		'site'   => array( 'text', tuzet_word( 'site' ) ),
		'secret' => array( 'password', tuzet_word( 'secret' ) ),
	);
	echo '<div class="wrap"><h1>Tuzet</h1><form action="options.php" method="post">';
	settings_fields( 'tuzet' );
	echo '<table class="form-table" role="presentation">';
	foreach ( $fields as $name => list( $type, $label ) ) {
		$shown = 'secret' === $name ? '' : tuzet_setting( $name );
		printf(
			'<tr><th scope="row"><label for="tuzet_%1$s">%2$s</label></th><td><input class="regular-text" id="tuzet_%1$s" name="tuzet_%1$s" type="%3$s" value="%4$s" autocomplete="off"%5$s></td></tr>',
			esc_attr( $name ),
			esc_html( $label ),
			esc_attr( $type ),
			esc_attr( $shown ),
			'secret' === $name && '' !== tuzet_setting( 'secret' ) ? ' placeholder="' . esc_attr( tuzet_word( 'kept' ) ) . '"' : ''
		);
	}
	echo '</table>';
	submit_button();
	echo '</form></div>';
}
