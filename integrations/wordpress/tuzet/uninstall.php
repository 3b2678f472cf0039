<?php
/**
 * Takes the plugin's settings away with it.
 *
 * @package Tuzet
 * @license GPL-2.0-or-later
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

foreach ( array( 'tuzet_url', 'tuzet_site', 'tuzet_secret' ) as $tuzet_option ) {
	delete_option( $tuzet_option );
}
