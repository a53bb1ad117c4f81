-- Every sentence the templates put on a page, in simplified Chinese.
-- words/en.lua has the same keys; a site's bundle may replace any of them.

return {
    -- every page
    skip = "跳到主要内容",
    tools = "页面工具",
    elder_on = "长者模式",
    elder_off = "标准模式",
    logo = "网站标志",
    nav = "主导航",
    here = "当前位置",
    body = "正文",
    preparing = "筹备中",
    preparing_text = "本站正在筹备，内容以正式开通后发布的为准。",
    more = "更多",
    more_of = "查看更多：",
    external = "（站外链接）",
    contents_of = "：",
    comma = "，",
    unit_items = " 个",

    -- emergency banner
    alerts = "应急信息",
    alert_red = "红色预警",
    alert_orange = "橙色预警",
    alert_yellow = "黄色预警",
    alert_blue = "蓝色预警",
    alert_more = "查看详情",

    -- home
    interpret = "解读",

    -- lists
    subs = "其他栏目",
    source = "来源：",
    written = "成文：",
    published_on = "发布：",
    number = "文号：",
    validity = "有效性：",
    in_force = "有效",
    not_yet = "尚未施行",
    expired = "已失效",
    repealed = "已废止",
    amended = "已修改",
    empty = "本栏目暂无内容。",
    pinned = "置顶",
    feed = "订阅本栏目",
    feed_title = "内容订阅",
    total = "共 ",
    total_items = " 条",

    -- pages of a list
    pager = "分页",
    page = "第 ",
    page_of = " 页，共 ",
    page_end = " 页",
    prev_page = "上一页",
    next_page = "下一页",
    gap = "…",

    -- document
    meta = "文件信息",
    published = "发布时间：",
    updated = "更新时间：",
    author = "作者：",
    changed = "改动：",
    reason = "原因：",
    correction = "更正记录",
    preview = "预览：这一版没有公开，请勿外传。",
    preview_until = "链接有效期至 ",
    by_reference = "本文由以下单位发布，在本站引用：",
    warn_not_yet = "本文件尚未施行。",
    warn_expired = "本文件已失效，仅供查阅。",
    warn_repealed = "本文件已废止，仅供查阅。",
    warn_amended = "本文件已修改，请以修改后的文本为准。",
    replaced_by = "替代本文件的文件：",
    replaces = "被替代的文件",
    interprets = "本文解读的文件",
    interpretations = "相关解读",
    attachments = "附件",
    print = "打印本页",
    short = "短链接：",
    related = "相关内容",
    around = "上一篇和下一篇",
    prev_doc = "上一篇",
    next_doc = "下一篇",

    -- map
    sites = "网站群导航",

    -- notices
    because = "原因：",
    replacement = "请查看：",
    ways = "您可以继续访问",
    go_home = "返回首页",
    status = "状态码：",

    -- footer
    sponsor = "主办单位：",
    operator = "承办单位：",
    contact = "联系方式：",
    site_id_code = "网站标识码：",
    icp = "ICP备案号：",
    psb = "公安备案号：",
    map = "站点地图",
    fault = "我为政府网站找错",
    to_top = "回到顶部"
}
