<?php
/**
 * The plugin's few words in the languages of the newsroom.
 *
 * @package Tuzet
 * @license GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

/**
 * A word in the language of whoever looks at the settings.
 */
function tuzet_word( string $name ): string {
	$words    = array(
		'kk' => array(
			'address' => 'Tuzet мекенжайы',
			'site'    => 'Сайт кілті',
			'secret'  => 'Шақыру құпиясы',
			'kept'    => 'сақтаулы',
		),
		'ru' => array(
			'address' => 'Адрес Tuzet',
			'site'    => 'Ключ сайта',
			'secret'  => 'Секрет вызовов',
			'kept'    => 'сохранён',
		),
		'en' => array(
			'address' => 'Address of Tuzet',
			'site'    => 'Site key',
			'secret'  => 'Secret of the calls',
			'kept'    => 'kept',
		),
	);
	$language = substr( get_user_locale(), 0, 2 );
	return $words[ $language ][ $name ] ?? $words['en'][ $name ];
}
