// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// The scripts that run inside of Redis, where nothing comes between their steps.
///
/// `P` is the prefix of all keys. `P record:KIND:NAME` is a hash of version, group and body;
/// `P index:KIND` and `P index:KIND:GROUP` are sorted sets of names, all with score 0 and so in the
/// order of their bytes; `P events` and `P audit` are streams with one field.
enum RedisScripts {
    /// Prefix, then kind and name in turns; answers version, group, body in threes.
    static let read = """
        local found = {}
        for at = 2, #ARGV, 2 do
            local key = ARGV[1] .. 'record:' .. ARGV[at] .. ':' .. ARGV[at + 1]
            local record = redis.call('HMGET', key, 'v', 'g', 'b')
            for part = 1, 3 do found[#found + 1] = record[part] end
        end
        return found
        """

    /// Prefix, kind, group or nothing, last name or nothing, limit; answers name, version, group,
    /// body in fours.
    static let list = """
        local index = ARGV[1] .. 'index:' .. ARGV[2]
        if ARGV[3] ~= '' then index = index .. ':' .. ARGV[3] end
        local first = '-'
        if ARGV[4] ~= '' then first = '(' .. ARGV[4] end
        local names = redis.call('ZRANGEBYLEX', index, first, '+', 'LIMIT', 0, ARGV[5])
        local found = {}
        for _, name in ipairs(names) do
            local key = ARGV[1] .. 'record:' .. ARGV[2] .. ':' .. name
            local record = redis.call('HMGET', key, 'v', 'g', 'b')
            found[#found + 1] = name
            for part = 1, 3 do found[#found + 1] = record[part] end
        end
        return found
        """

    /// Prefix, then four rows, each with its length in front: checks (kind, name, version or
    /// nothing), writes (kind, name, version or nothing, group, body), events, audit entries.
    /// Answers 1 if all was done, 0 if a check failed and nothing was.
    static let commit = """
        local at = 1
        local function take()
            local word = ARGV[at]
            at = at + 1
            return word
        end
        local prefix = take()
        for _ = 1, tonumber(take()) do
            local kind = take()
            local name = take()
            local version = take()
            local found = redis.call('HGET', prefix .. 'record:' .. kind .. ':' .. name, 'v')
            if (found or '') ~= version then return 0 end
        end
        for _ = 1, tonumber(take()) do
            local kind = take()
            local name = take()
            local version = take()
            local group = take()
            local body = take()
            local key = prefix .. 'record:' .. kind .. ':' .. name
            local index = prefix .. 'index:' .. kind
            local former = redis.call('HGET', key, 'g')
            if former and former ~= '' and (former ~= group or version == '') then
                redis.call('ZREM', index .. ':' .. former, name)
            end
            if version == '' then
                redis.call('DEL', key)
                redis.call('ZREM', index, name)
            else
                redis.call('HSET', key, 'v', version, 'g', group, 'b', body)
                redis.call('ZADD', index, 0, name)
                if group ~= '' then redis.call('ZADD', index .. ':' .. group, 0, name) end
            end
        end
        for _, log in ipairs({'events', 'audit'}) do
            for _ = 1, tonumber(take()) do
                redis.call('XADD', prefix .. log, '*', 'b', take())
            end
        end
        return 1
        """
}
