// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore
import BrowserFleetPostgres
import BrowserFleetRedis
import BrowserFleetRuntime
import BrowserFleetSQLite
import Logging

/// Makes the store that `STORE` names.
enum StoreOpening {
    /// Opens a file at once; Redis and PostgreSQL are dialled when the store runs, and tried until
    /// they answer.
    ///
    /// - Throws: one line about a file that cannot be used, or an address that is none.
    static func open(
        _ settings: SettingsInForce, folder: DataDirectory, logger: Logger
    ) throws(CommandFailure) -> any SharedStore {
        let address = try address(settings)
        logger.info("the fleet's records are in \(address)")
        switch address {
        case .memory: return FleetStore(MemoryEngine(), logger: logger)
        case .sqlite(let path):
            let place = path.hasPrefix("/") ? path : "\(folder.path)/\(path)"
            do throws(StoreError) {
                return FleetStore(try SQLiteEngine(path: place), logger: logger)
            } catch {
                throw CommandFailure(.failed, error.message)
            }
        case .redis(let address):
            let prefix = settings.text(.redisKeyPrefix) ?? "fleet:"
            return FleetStore(
                RedisEngine(address, prefix: prefix, logger: logger), logger: logger)
        case .postgres(let url):
            return FleetStore(
                PostgresEngine(
                    url: url, directURL: settings.text(.databaseDirectURL), logger: logger),
                logger: logger)
        }
    }

    /// What `STORE` names.
    static func address(
        _ settings: SettingsInForce
    ) throws(CommandFailure) -> StoreAddress {
        do {
            return try StoreAddress(
                settings.text(.store) ?? "memory:", redisPassword: settings.text(.redisPassword))
        } catch {
            throw CommandFailure(.usage, "STORE: \(error)")
        }
    }
}
