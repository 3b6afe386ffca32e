// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import fleetctl

struct DataDirectoryTests {
    @Test("a folder that cannot be made is told by its setting and the system's word")
    func unusable() throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "browserfleet-\(UUID().uuidString)").path()
        try Data().write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        for (path, word) in [(file, "File exists"), (file + "/below", "Not a directory")] {
            let failure = #expect(throws: CommandFailure.self) {
                try DataDirectory(named: path).make()
            }
            #expect(
                failure?.message == "the folder \(path) of DATA_DIR cannot be made: \(word)")
            #expect(failure?.next?.contains("DATA_DIR=") == true)
        }
    }
}
