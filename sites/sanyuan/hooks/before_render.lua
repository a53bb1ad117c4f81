-- 三原县: a block of its own on the home page, before all others.  Only what
-- the page was given is looked at: a copy keeps the result.

local first = { "通知公告", "办事指南", "县长信箱" }

local function column(nav, title)
    for _, entry in ipairs(nav) do
        if entry.title == title then
            return entry.url
        end
    end
end

return function (page)
    if page.page.kind ~= "home" then
        return nil
    end

    local base = page.site.home
    local service = column(page.nav, "办事服务") or base
    local talk = column(page.nav, "互动交流") or base

    table.insert(page.blocks, 1, {
        kind = "disclosure",
        title = "三原三件事",
        items = {
            { title = first[1], url = base .. "xxgk/tzgg/" },
            { title = first[2], url = service },
            { title = first[3], url = talk },
        },
    })

    return { blocks = page.blocks }
end
