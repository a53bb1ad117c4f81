<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title><?php bloginfo('name'); ?></title>
</head>
<body>
<h1><?php bloginfo('name'); ?></h1>
<?php foreach (get_categories(array('exclude' => 1)) as $list) : ?>
<section>
<h2><a href="<?php echo esc_url(get_category_link($list)); ?>"><?php
echo esc_html($list->name); ?></a></h2>
<ul>
<?php foreach (get_posts(array('category' => $list->term_id,
                               'numberposts' => 4)) as $post) : ?>
<li><a href="<?php echo esc_url(get_permalink($post)); ?>"><?php
echo esc_html(get_the_title($post)); ?></a>
<time><?php echo esc_html(get_the_date('Y-m-d', $post)); ?></time></li>
<?php endforeach; ?>
</ul>
</section>
<?php endforeach; ?>
</body>
</html>
