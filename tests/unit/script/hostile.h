
/*
 * Copyright (C) ngx_gov authors
 *
 * Scripts that mean harm, as code of a view: what they try, whether they are
 * ended for an overrun (OVER), by an error (FAIL), or come to nothing (NONE:
 * the view is shown, and nothing of it is seen afterwards).
 */


#ifndef _T_HOSTILE_H_INCLUDED_
#define _T_HOSTILE_H_INCLUDED_


enum { OVER, FAIL, NONE };

static const struct {
    int          end;
    const char  *name;
    const char  *code;
} t_hostile[] = {

    /* loops */

    { OVER, "while", "while true do end" },
    { OVER, "repeat", "repeat until false" },
    { OVER, "goto", "::a:: goto a" },
    { OVER, "for", "for i = 1, math.max(2^53 // 1 | 0, 9) do end" },
    { OVER, "for without an end", "for i = 1, 1 << 62, 1 do end" },
    { OVER, "for of floats", "for i = 1.0, 1e300 do end" },
    { OVER, "a step too small", "for i = 1.0, 2.0, 1e-300 do end" },
    { OVER, "an iterator", "for x in function () return 1 end do end" },
    { OVER, "a call in a loop", "local function f() end "
      "while true do f() end" },
    { OVER, "a C function in a loop", "while true do type(1) end" },
    { OVER, "pairs without an end", "while true do "
      "for k, v in pairs({ 1, 2, 3 }) do end end" },
    { OVER, "next without an end", "local t = { 1, 2 } "
      "while true do next(t) end" },
    { OVER, "tail calls", "local function f() return f() end f()" },
    { OVER, "two that call each other", "local a, b "
      "function a() return b() end function b() return a() end a()" },
    { OVER, "a part in itself by name", "while true do _parts.p(_ENV, v, "
      "_put, _parts) end" },

    /* pcall */

    { OVER, "a loop in pcall", "pcall(function () while true do end end)" },
    { OVER, "pcall in a loop", "while true do pcall(function () "
      "while true do end end) end" },
    { OVER, "pcall of pcall", "while true do pcall(pcall, pcall, function () "
      "while true do end end) end" },
    { OVER, "pcall of an error in a loop", "while true do pcall(error) end" },
    { OVER, "pcall after memory", "while true do pcall(function () "
      "local t = {} for i = 1, 1e9 do t[i] = {} end end) end" },
    { OVER, "pcall after a long string", "while true do "
      "pcall(string.rep, 'x', 1 << 40) end" },
    { OVER, "pcall in pcall, deep", "local function f() "
      "while true do pcall(f) end end f()" },
    { OVER, "pcall after output", "while true do pcall(function () "
      "while true do _put(('x'):rep(100000)) end end) end" },
    { OVER, "pcall of output that fails at its end", "local s = "
      "('x'):rep(500000) .. '\\0' while true do pcall(_put, s, {}) end" },
    { FAIL, "an error that is a table", "error({})" },
    { FAIL, "an error that is nil", "error()" },
    { FAIL, "an error that is a function", "error(function () end)" },
    { FAIL, "an error of many bytes", "error(('x'):rep(100000))" },
    { FAIL, "an error with control bytes", "error('a\\n\\27[2Jb\\0c')" },
    { FAIL, "an error with half a character", "error('\\xe5\\x92')" },
    { FAIL, "a far level", "error('x', 1 << 40)" },
    { FAIL, "a negative level", "error('x', -1)" },
    { FAIL, "assert with a table", "assert(false, {})" },
    { FAIL, "an error in an error", "local ok, e = pcall(error, {}) "
      "error(e)" },
    { FAIL, "a call of nil", "nothing()" },
    { OVER, "C calls in C calls", "local f = pcall "
      "for i = 1, 300 do local g = f f = function () "
      "return assert(g(f)) end end error(select(2, pcall(f)))" },

    /* recursion */

    { OVER, "recursion", "local function f() return 1 + f() end f()" },
    { OVER, "recursion with arguments", "local function f(...) "
      "return 1 + f(1, 2, 3, 4, 5, 6, 7, 8, ...) end f()" },
    { OVER, "recursion through sort", "local function f() "
      "table.sort({ 1, 2, 3 }, function (a, b) f() return a < b end) end "
      "while true do pcall(f) end" },
    { OVER, "a part that includes itself", "_parts.again(_ENV, v, _put, "
      "_parts)" },
    { FAIL, "a value deep in itself", "local t = {} "
      "for i = 1, 100000 do t = { t } end error(t)" },

    /* memory */

    { OVER, "a growing table", "local t = {} "
      "for i = 1, 1e9 do t[i] = i end" },
    { OVER, "a table of tables", "local t = {} "
      "while true do t = { t, {} } end" },
    { OVER, "keys", "local t = {} for i = 1, 1e9 do t['k' .. i] = 1 end" },
    { OVER, "doubling", "local s = 'x' while true do s = s .. s end" },
    { OVER, "doubling, kept", "local s, t = 'x', {} "
      "for i = 1, 1e9 do s = s .. s t[i] = s .. i end" },
    { OVER, "concatenation of many", "local s = ('x'):rep(500000) "
      "local t = s .. s .. s .. s .. s .. s .. s .. s" },
    { OVER, "garbage", "while true do local t = { {}, {}, {} } end" },
    { OVER, "garbage of strings", "local s = ('x'):rep(100000) "
      "for i = 1, 1e9 do local t = s .. i end" },
    { OVER, "closures", "local t = {} "
      "for i = 1, 1e9 do t[i] = function () return i, t end end" },
    { FAIL, "rep of 4 GB", "local s = ('x'):rep(1 << 32)" },
    { FAIL, "rep of 2^63", "local s = ('xy'):rep((1 << 63) - 1)" },
    { FAIL, "rep with a separator", "local s = ('x'):rep(1 << 60, 'yyy')" },
    { NONE, "rep of a negative number", "local s = ('x'):rep(-1 << 62)" },
    { OVER, "rep, kept", "local t = {} "
      "for i = 1, 1e9 do t[i] = ('x'):rep(100000) end" },
    { OVER, "concat of much", "local t = {} "
      "for i = 1, 1000 do t[i] = ('x'):rep(10000) end "
      "while true do local s = table.concat(t) end" },
    { OVER, "concat without an end", "local t = { '' } "
      "while true do table.concat(t, ('x'):rep(100000), 1, 1) end" },
    { FAIL, "concat past the end", "table.concat({}, '', 1, 1 << 62)" },
    { FAIL, "concat before the beginning",
      "table.concat({}, '', -1 << 63, 1 << 62)" },
    { FAIL, "replace that grows", "local s = str.replace(('x'):rep(100000), "
      "'x', ('y'):rep(100000))" },
    { OVER, "replace of each byte", "local s = ('a'):rep(500000) "
      "while true do str.replace(s, 'a', '') end" },
    { OVER, "replace in a loop", "local s = ('x'):rep(100000) "
      "while true do str.replace(s, 'x', 'yy') end" },
    { FAIL, "split into many", "str.split((','):rep(500000), ',')" },
    { OVER, "split in a loop", "local s = (','):rep(5000) "
      "while true do str.split(s, ',') end" },
    { FAIL, "unpack of many", "local t = {} t[1000000] = 1 "
      "table.unpack(t, 1, 1000000)" },
    { FAIL, "unpack of 2^64", "table.unpack({}, -1 << 63, (1 << 63) - 1)" },
    { FAIL, "insert into a list without an end", "INSERT" },
    { FAIL, "remove from a list without an end", "REMOVE" },
    { OVER, "insert at the front", "local t = {} "
      "while true do table.insert(t, 1, 1) end" },
    { OVER, "remove from the front", "local t = {} "
      "for i = 1, 30000 do t[i] = i end while true do "
      "table.insert(t, table.remove(t, 1)) end" },
    { FAIL, "fmt with a wide field", "fmt('%9999d', 1)" },
    { FAIL, "fmt with a long precision", "fmt('%.9999f', 1)" },
    { FAIL, "fmt of an unknown kind", "fmt('%p', {})" },
    { FAIL, "fmt that writes", "fmt('%n', 1)" },
    { FAIL, "fmt cut off", "fmt('%')" },
    { FAIL, "fmt without arguments", "fmt('%s%s%s%s')" },
    { FAIL, "fmt without its argument", "fmt('%s')" },
    { NONE, "fmt of the widest", "fmt('%99.99f', -1e308)" },
    { OVER, "fmt in a loop", "local s = ('x'):rep(100000) "
      "while true do fmt('%s%s', s, s) end" },
    { OVER, "url in a loop", "local s = ('<'):rep(100000) "
      "while true do url(s) end" },
    { OVER, "esc in a loop", "local s = ('<'):rep(100000) "
      "while true do esc(s) end" },
    { OVER, "comparison of long strings", "local a = ('x'):rep(500000) "
      ".. 'a' local b = ('x'):rep(500000) .. 'b' "
      "while true do local c = a < b end" },
    { OVER, "comparison of zero bytes", "local a = ('\\0'):rep(500000) "
      "while true do local c = a < a end" },
    { OVER, "equality of long strings", "local a = ('x'):rep(500000) .. 1 "
      "local b = ('x'):rep(500000) .. 1 "
      "while true do local c = a == b end" },
    { OVER, "hashing of long strings", "local t, s = {}, "
      "('x'):rep(500000) for i = 1, 1e9 do local x = t[s .. i] end" },
    { FAIL, "too many arguments to char", "string.char(table.unpack({ 1 }, "
      "1, 201))" },
    { FAIL, "too many bytes", "string.byte(('x'):rep(1000), 1, 1000)" },

    /* searching: the stock patterns are not there */

    { FAIL, "string.find", "string.find('x', '.-')" },
    { FAIL, "string.match", "string.match('x', '.-')" },
    { FAIL, "string.gmatch", "string.gmatch('x', '.-')" },
    { FAIL, "string.gsub", "string.gsub('x', '.', '')" },
    { FAIL, "a method that matches", "('x'):find(('.-'):rep(4) .. 'b')" },
    { OVER, "plain find in a loop", "local s = ('a'):rep(100000) "
      "while true do str.find(s, ('a'):rep(1000) .. 'b') end" },
    { OVER, "trim in a loop", "local s = (' '):rep(100000) "
      "while true do str.trim(s) end" },
    { OVER, "sub in a loop", "local s = ('咸'):rep(100000) "
      "while true do str.sub(s, 1, -1) end" },
    { OVER, "cut in a loop", "local s = ('咸'):rep(100000) "
      "while true do str.cut(s, 99999) end" },
    { OVER, "lower in a loop", "local s = ('A'):rep(100000) "
      "while true do s:lower() end" },
    { NONE, "positions out of range", "str.sub('x', -1 << 63, 1 << 62) "
      "string.sub('x', 1 << 62, -1 << 63) str.find('x', 'x', -1 << 63) "
      "str.find('', '', 1 << 62) string.byte('x', -1 << 63)" },
    { FAIL, "an empty separator", "str.split('x', '')" },
    { FAIL, "an empty search", "str.replace('x', '', 'y')" },
    { NONE, "a number of many digits", "tonumber((' '):rep(500000) .. 1)" },
    { FAIL, "arithmetic with strings", "local x = ('1' + 1)" },

    /* sorting */

    { OVER, "sorting of zero bytes", "local t, a = {}, "
      "('\\0'):rep(500000) for i = 1, 1000 do t[i] = a end "
      "table.sort(t)" },
    { OVER, "a comparison that never ends", "table.sort({ 1, 2, 3 }, "
      "function () while true do end end)" },
    { NONE, "a comparison that lies", "local t = {} "
      "for i = 1, 500 do t[i] = i % 7 end "
      "table.sort(t, function () return true end)" },
    { FAIL, "a comparison that changes the table", "local t = { 3, 1, 2 } "
      "table.sort(t, function (a, b) for i = 1, 50 do t[i] = nil end "
      "return a < b end)" },
    { FAIL, "a comparison of mixed kinds", "table.sort({ 1, 'x', {} })" },
    { FAIL, "a table with a gap", "local t = { 1, 2, 3, 4 } t[2] = nil "
      "table.sort(t)" },
    { FAIL, "too many to sort", "local t = {} "
      "for i = 1, 30000 do t[i] = i end table.sort(t)" },
    { OVER, "sorting in a loop", "local t = {} "
      "for i = 1, 10000 do t[i] = -i end while true do table.sort(t) "
      "t[1] = 9 end" },
    { OVER, "sorting of long strings", "local t = {} for i = 1, 15 do "
      "t[i] = ('x'):rep(200000) .. i end while true do table.sort(t) "
      "t[1], t[15] = t[15], t[1] end" },

    { FAIL, "an iterator without its table", "local f = ipairs({}) f()" },
    { FAIL, "an iterator over a number", "local f = ipairs({}) f(1, 1)" },
    { FAIL, "an iterator from a string", "local f = ipairs({}) "
      "f({}, 'x')" },
    { NONE, "an iterator from the end", "local f = ipairs({}) "
      "f({}, (1 << 63) - 1)" },
    { FAIL, "next over a string", "local f = pairs({}) f('x')" },
    { FAIL, "next from a key that is not there", "next({}, 'x')" },

    /* what is not there */

    { FAIL, "load", "load('x = 1')()" },
    { FAIL, "bytecode", "load('\\27Lua', 'x', 'b')" },
    { FAIL, "loadstring", "loadstring('x = 1')()" },
    { FAIL, "string.dump", "string.dump(function () end)" },
    { FAIL, "a method that dumps", "(''):dump()" },
    { FAIL, "dofile", "dofile('/etc/passwd')" },
    { FAIL, "require", "require('os')" },
    { FAIL, "package", "package.loadlib('libc.so.6', 'system')" },
    { FAIL, "io", "io.open('/etc/passwd')" },
    { FAIL, "os", "os.execute('id')" },
    { FAIL, "debug", "debug.getregistry()" },
    { FAIL, "coroutines", "coroutine.wrap(function () end)()" },
    { FAIL, "collectgarbage", "collectgarbage('stop')" },
    { FAIL, "setmetatable", "setmetatable({}, { __gc = function () "
      "while true do end end })" },
    { FAIL, "getmetatable", "getmetatable('').__index.upper = nil" },
    { FAIL, "rawset", "rawset(string, 'upper', nil)" },
    { FAIL, "rawget", "rawget(string, 'upper')" },
    { FAIL, "_G", "_G.type = nil" },
    { FAIL, "xpcall", "xpcall(error, function () while true do end end)" },
    { FAIL, "print", "print('x')" },
    { FAIL, "table.move", "table.move({}, 1, 1 << 62, 2)" },
    { FAIL, "math.random", "math.random()" },
    { FAIL, "utf8", "utf8.char(65)" },
    { FAIL, "a variable to be closed", "local x <close> = {}" },
    { FAIL, "a variable to be closed by a function",
      "local x <close> = function () end" },

    /* poison for who comes next */

    { NONE, "a global", "evil = 'seen' _ENV.more = 'seen'" },
    { NONE, "string", "string.upper = function () return 'seen' end" },
    { NONE, "str", "str.trim = function () return 'seen' end" },
    { NONE, "table", "for k in pairs(table) do table[k] = nil end" },
    { NONE, "every function", "for k in pairs(_ENV) do "
      "if k ~= 'string' then _ENV[k] = nil end end" },
    { NONE, "esc", "esc = function () return 'seen' end url = esc" },
    { NONE, "the words", "w.hello = 'seen'" },
    { NONE, "the values", "v.page = 'seen' page = 'seen'" },
    { NONE, "the parts", "_parts.p = function (e, v, put) put('seen') end" },
    { NONE, "the library in Lua", "lib.twice = function () "
      "return 'seen' end" },
    { NONE, "a closure that waits", "local e = _ENV "
      "string.later = function () return e end" },
    { NONE, "_ENV as a local", "local _ENV = { x = 1 }" },
    { FAIL, "_ENV as a constant", "local _ENV <const> = {} x = y.z" },
    { NONE, "_ENV as nil", "do local _ENV = nil end" },
    { FAIL, "_ENV taken away", "_ENV = nil x = 1" },
    { FAIL, "the layout's content", "content = {}  v.content = {} "
      "error('x')" },

    /* output */

    { OVER, "output", "while true do _put('xxxxxxxxxxxxxxxx') end" },
    { OVER, "output in great pieces", "local s = ('x'):rep(500000) "
      "while true do _put(s) end" },
    { OVER, "output that grows by escaping", "local s = ('<'):rep(900000) "
      "while true do _put('\\0', s) end" },
    { OVER, "output of many pieces at once", "local s = ('<'):rep(500000) "
      "_put(('\\0'):rep(9), s, s, s, s, s, s, s, s, s)" },
    { OVER, "text between many pieces at once", "local s = ('<'):rep(100000) "
      "_put((s .. '\\0'):rep(19), s, s, s, s, s, s, s, s, s)" },
    { OVER, "esc of a long text in a loop", "local s = ('<'):rep(250000) "
      "while true do esc(s) end" },
    { OVER, "url of a long text in a loop", "local s = ('<'):rep(300000) "
      "while true do url(s) end" },
    { OVER, "output of zero bytes", "local s = ('\\0'):rep(500000) "
      "while true do _put(s, 1, 2, 3) end" },
    { FAIL, "output of a function", "_put(print or pcall)" },
    { FAIL, "output of a table", "_put({})" },
    { OVER, "output of many numbers", "while true do _put(1.5, 2.5) end" },

    /* the compiler */

    { FAIL, "more locals than there may be", "LOCALS" },
    { FAIL, "parentheses", "PARENTHESES" },
    { FAIL, "blocks", "BLOCKS" },
    { FAIL, "functions in functions", "FUNCTIONS" },
    { NONE, "a long chain of or", "ORS" },
    { NONE, "a long chain of elseif", "ELSEIFS" },
    { FAIL, "a long chain of goto", "GOTOS" },
    { FAIL, "tables in tables", "TABLES" },
    { NONE, "a string of many escapes", "ESCAPES" },
    { OVER, "names sought far out", "NAMES" },
    { FAIL, "a label twice", "::a:: ::a::" },
    { FAIL, "break outside", "break" },
    { FAIL, "a string without an end", "local s = 'abc" },
    { FAIL, "a long string without an end", "local s = [==[ ]=]" },
    { FAIL, "an attribute unknown", "local x <magic> = 1" }
};


#endif /* _T_HOSTILE_H_INCLUDED_ */
