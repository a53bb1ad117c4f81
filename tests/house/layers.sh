#!/bin/sh
# Who may include what: the rooms of ngx_gov_module/rooms, and each foreign
# library in the one place that owns it.  Prints every breach; exit 1 if any.
#   layers.sh [ROOT]     another folder of rooms, for the checker's own test
cd "$(dirname "$0")/../.." || exit 1
root=${1:-ngx_gov_module}

{
    sed 's/^/room /' "$root/rooms"
    ls -d "$root"/*/ | sed "s|^$root/|dir |; s|/\$||"
    find "$root" -name '*.[ch]' -exec \
        grep -HnE '^[[:space:]]*#[[:space:]]*include' {} + \
        | sed "s|^$root/||"
} | awk -v root="$root" '

# Owners of foreign headers: a room, or one file of a room ("store/x.c" may
# be the only one); where several may, each is named.

function owners() {
    own["lmdb.h"] = "store"
    own["msgpack.h"] = own["msgpack/"] = "store"
    own["jansson.h"] = "base"
    own["openssl/"] = "base"
    own["zlib.h"] = "ctl"
    own["libdeflate.h"] = "base page"
    own["brotli/"] = "page"
    own["gumbo.h"] = own["md4c.h"] = own["md4c-html.h"] = "content"
    own["idn2.h"] = "site"
    own["argon2.h"] = own["zxcvbn.h"] = own["liboath/"] = "sign"
    own["qrencode.h"] = "sign"
    own["lua.h"] = own["lauxlib.h"] = own["lualib.h"] = "script"
    own["microhttpd.h"] = "govd"
    own["magic.h"] = own["vips/"] = own["archive"] = "look"
    own["curl/"] = "govd ctl"
    own["ngx_"] = "nginx"
}

function foreign(name, room,    key) {
    for (key in own) {
        if (index(name, key) == 1) {
            return (" " own[key] " ") !~ (" " room " ") ? own[key] : ""
        }
    }
    return ""
}

function breach(text) {
    print text
    bad++
}

BEGIN {
    owners()
}

$1 == "room" {
    if (NF < 3 || $2 ~ /^#/) {
        next
    }
    layer[$2] = $3
    may[$2, $2] = 1
    for (i = 4; i <= NF; i++) {
        may[$2, $i] = 1
        split($i, p, "/")
        if (!(p[1] in layer) || layer[p[1]] > $3) {
            breach(root "/rooms: " $2 " stands below " $i)
        }
    }
    next
}

$1 == "dir" {
    if (!($2 in layer)) {
        breach(root "/" $2 ": is not in " root "/rooms")
    }
    next
}

{
    split($0, part, ":")
    file = part[1]
    room = file
    sub(/\/.*/, "", room)

    name = $0
    sub(/^[^:]*:[^:]*:[^"<]*["<]/, "", name)
    sub(/[">].*/, "", name)

    where = root "/" part[1] ":" part[2] ": "

    if (name == "lmdb.h" || name == "msgpack.h") {
        users[name] = users[name] " " file
        count[name] += !((name, file) in seen)
        seen[name, file] = 1
    }

    who = foreign(name, room)
    if (who != "") {
        breach(where name " belongs to " who)
        next
    }

    if (name ~ /\//) {
        split(name, p, "/")
        target = p[1]
        if (target in layer) {
            if (!((room, target) in may) && !((room, name) in may)) {
                breach(where room " may not include " name)
            } else if (room != target && name ~ /_int\.h$/) {
                breach(where name " is for " target " alone")
            }
        }
    }
}

END {
    if (count["lmdb.h"] > 1) {
        breach("lmdb.h has more than one user:" users["lmdb.h"])
    }
    if (bad) {
        print bad " breaches of the layers"
        exit 1
    }
    print "layers hold"
}'
