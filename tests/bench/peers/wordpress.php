<?php
/*
 * WordPress multisite for the bench: what stands in wp-config.php, the front
 * door, and with WP_BENCH_STEP on the command line the installation.
 */

$run = getenv('WP_BENCH_RUN');
$step = PHP_SAPI === 'cli' ? getenv('WP_BENCH_STEP') : '';

define('ABSPATH', '/usr/share/wordpress/');
define('WP_CONTENT_DIR', "$run/content");
define('WP_CONTENT_URL', 'http://wp.test/wp-content');
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', "localhost:$run/db.sock");
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_DEBUG', false);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_ALLOW_MULTISITE', true);

foreach (array('AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY',
               'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT',
               'NONCE_SALT') as $name) {
    define($name, "bench $name");
}

if ($step !== 'install') {
    define('MULTISITE', true);
    define('SUBDOMAIN_INSTALL', true);
    define('DOMAIN_CURRENT_SITE', 'wp.test');
    define('PATH_CURRENT_SITE', '/');
    define('SITE_ID_CURRENT_SITE', 1);
    define('BLOG_ID_CURRENT_SITE', 1);
}

if ($step !== '') {
    $_SERVER['HTTP_HOST'] = 'wp.test';
    $_SERVER['REQUEST_URI'] = '/';
    $_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
}

if ($step === 'install') {
    define('WP_INSTALLING', true);
}

$table_prefix = 'wp_';
require ABSPATH . 'wp-settings.php';

if ($step === 'install') {
    require ABSPATH . 'wp-admin/includes/upgrade.php';
    wp_install('Bench', 'admin', 'admin@wp.test', true, '', 'bench');

    foreach ($wpdb->tables('ms_global') as $table => $prefixed) {
        $wpdb->$table = $prefixed;
    }
    install_network();
    $done = populate_network(1, 'wp.test', 'admin@wp.test', 'Bench', '/',
                             true);
    if (is_wp_error($done) && $done->get_error_code() !== 'no_wildcard_dns') {
        fwrite(STDERR, $done->get_error_message());
        exit(1);
    }
    exit(0);
}

if ($step === 'fill') {
    require ABSPATH . 'wp-admin/includes/admin.php';
    $titles = json_decode(stream_get_contents(STDIN));

    for ($site = 1; $site <= 6; $site++) {
        $blog = $site === 1 ? 1
            : wpmu_create_blog("s$site.wp.test", '/', "Site $site", 1);
        if (is_wp_error($blog)) {
            fwrite(STDERR, $blog->get_error_message());
            exit(1);
        }
        switch_to_blog($blog);
        switch_theme('bench');
        wp_delete_post(1, true);

        for ($list = 1; $list <= 8; $list++) {
            $term = wp_insert_term("List $list", 'category');
            for ($row = 0; $row < 4; $row++) {
                wp_insert_post(array(
                    'post_title' => $titles[($list - 1) * 4 + $row],
                    'post_content' => 'text', 'post_status' => 'publish',
                    'post_category' => array($term['term_id'])));
            }
        }
        restore_current_blog();
    }
    exit(0);
}

define('WP_USE_THEMES', true);
wp();
require ABSPATH . WPINC . '/template-loader.php';
