-- wrk: every request to another host of a file, at random.  Requests are
-- made before the load begins; picking one costs wrk's core, not the server.
--
--     wrk ... -s hosts.lua URL -- HOSTS PATH
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
end

function request()
    return requests[math.random(count)]
end
