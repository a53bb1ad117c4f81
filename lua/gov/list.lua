-- list: see list.md

local list = {}


function list.first(t, n)
    local r = {}

    for i = 1, math.min(n, #t) do
        r[i] = t[i]
    end

    return r
end


function list.map(t, f)
    local r = {}

    for _, item in ipairs(t) do
        r[#r + 1] = f(item)
    end

    return r
end


function list.filter(t, f)
    local r = {}

    for _, item in ipairs(t) do
        if f(item) then
            r[#r + 1] = item
        end
    end

    return r
end


function list.groups(t, n)
    local r = {}

    for i, item in ipairs(t) do
        if (i - 1) % n == 0 then
            r[#r + 1] = {}
        end

        table.insert(r[#r], item)
    end

    return r
end


return list
