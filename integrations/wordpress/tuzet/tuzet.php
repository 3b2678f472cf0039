<?php
/**
 * Plugin Name: Tuzet
 * Description: Readers select an error and press Ctrl+Enter; editors put it right from one case. Places the snippet, tells it which post it is on, and says when a post was saved.
 * Version: 0.1.0
 * Requires at least: 5.9
 * Requires PHP: 7.4
 * License: GPL-2.0-or-later
 * License URI: https://www.gnu.org/licenses/gpl-2.0.html
 *
 * @package Tuzet
 */

/*
 * This program is free software; you can redistribute it and/or modify it under the terms of the
 * GNU General Public License as published by the Free Software Foundation; either version 2 of
 * the License, or (at your option) any later version. It comes WITHOUT ANY WARRANTY. See LICENSE.
 */

defined( 'ABSPATH' ) || exit;

require __DIR__ . '/words.php';
require __DIR__ . '/settings.php';
require __DIR__ . '/page.php';
require __DIR__ . '/saving.php';
require __DIR__ . '/guard.php';

/**
 * One of the three settings: `url`, `site` or `secret`; '' while it is not set.
 *
 * A constant in wp-config.php (TUZET_URL, TUZET_SITE, TUZET_SECRET) goes before the settings page.
 */
function tuzet_setting( string $name ): string {
	$constant = 'TUZET_' . strtoupper( $name );
	$value    = defined( $constant ) ? constant( $constant ) : get_option( 'tuzet_' . $name, '' );
	$value    = trim( (string) $value );
	return 'url' === $name ? untrailingslashit( $value ) : $value;
}

/**
 * Whether readers see posts of this type, each at an address of its own.
 */
function tuzet_covers( WP_Post $post ): bool {
	return is_post_type_viewable( $post->post_type ) && 'attachment' !== $post->post_type;
}
