-- 三原县: addresses of the older site, /html/COLUMN/..., lead to the column.

local moved = {
    ["/html/tzgg/"] = "/xxgk/tzgg/",
    ["/html/gaikuang/"] = "/zjbd/",
    ["/html/banshi/"] = "/bsfw/",
}

return function (request)
    for old, new in pairs(moved) do
        if str.starts(request.path, old) then
            return { path = new }
        end
    end
end
