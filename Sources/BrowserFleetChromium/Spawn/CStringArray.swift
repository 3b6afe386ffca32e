// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Strings as C wants them for `execve`: NUL-terminated, in an array that ends with a null pointer.
struct CStringArray {
    typealias Pointer = UnsafePointer<UnsafeMutablePointer<CChar>?>

    private var bytes: [CChar] = []
    private var offsets: [Int] = []

    /// Copies the strings. A NUL inside a string would cut it short and is refused by callers
    /// before; here it ends the program rather than change an argument's meaning.
    init(_ strings: [String]) {
        for string in strings {
            precondition(!string.utf8.contains(0), "an argument holds a NUL")
            offsets.append(bytes.count)
            bytes += string.utf8.map { CChar(bitPattern: $0) }
            bytes.append(0)
        }
    }

    /// Calls `body` with the array, valid during the call.
    func withPointer<Answer>(_ body: (Pointer) -> Answer) -> Answer {
        var bytes = self.bytes
        return unsafe bytes.withUnsafeMutableBufferPointer { bytes in
            var pointers: [UnsafeMutablePointer<CChar>?] = unsafe []
            for offset in offsets {
                unsafe pointers.append(bytes.baseAddress.map { unsafe $0 + offset })
            }
            unsafe pointers.append(nil)
            return unsafe pointers.withUnsafeBufferPointer { pointers in
                guard let base = pointers.baseAddress else { preconditionFailure("never empty") }
                return unsafe body(base)
            }
        }
    }
}
