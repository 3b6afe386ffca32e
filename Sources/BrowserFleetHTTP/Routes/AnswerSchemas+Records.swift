// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI

extension AnswerSchemas {
    static var assignment: JSONTree {
        object([
            ("key", text), ("owner", text), ("server", text), ("epoch", whole),
            ("assignedAt", moment),
        ])
    }

    static var auditList: JSONTree {
        let entry = object([
            ("id", text), ("time", moment), ("author", text), ("action", text),
            ("subject", text), ("details", texts),
        ])
        return object([("entries", list(entry))], optional: [("nextCursor", text)])
    }
}
