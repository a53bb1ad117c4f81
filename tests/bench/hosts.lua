-- wrk: every request to another host of a file, at random.  Requests are
-- made before the load begins; picking one costs wrk's core, not the server.
--
--     wrk ... -s hosts.lua URL -- HOSTS PATH [MILLISECONDS]
--
-- With MILLISECONDS every connection rests that long before each request.
--
-- Every request has a line of its own: were those to one host the same text,
-- wrk would send them faster, and a worker with more to do at once does each
-- for less.

local requests, count

function init(args)
    requests = {}
    for host in io.lines(args[1]) do
        requests[#requests + 1] = wrk.format("GET", args[2], {
            Host = host, ["Accept-Encoding"] = "gzip",
            ["X-Line"] = #requests,
        })
    end
    count = #requests
    math.randomseed(os.time())

    if args[3] then
        local rest = tonumber(args[3])
        function delay() return rest end
    end
end

function request()
    return requests[math.random(count)]
end
