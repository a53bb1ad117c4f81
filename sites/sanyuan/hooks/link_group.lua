-- 三原县: a group that another site shares says whose it is.

return function (group)
    if group.from then
        return { title = group.title .. "（" .. group.from.name .. "提供）" }
    end
end
