// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The two ends of a DevTools pipe that are ours; channels get duplicates, so that the pipe
/// survives a change of loop.
final class PipeDescriptors: Sendable {
    /// Bytes the kernel holds for each direction: a screenshot passes in few wake-ups.
    private static let capacity: CInt = 256 << 10

    /// `F_SETPIPE_SZ` of fcntl(2), which the C library's module does not export.
    private static let setPipeSize: CInt = 1031

    /// One end of each direction, for one channel.
    struct Pair: Sendable {
        let input: CInt
        let output: CInt

        /// Gives them back unused.
        func close() {
            _ = systemClose(input)
            _ = systemClose(output)
        }
    }

    private let read: CInt
    private let write: CInt
    private let copy: @Sendable (CInt) -> CInt
    private let isClosed = Mutex(false)

    /// A duplicate that no child process inherits.
    static let systemCopy: @Sendable (CInt) -> CInt = { fcntl($0, F_DUPFD_CLOEXEC, 0) }

    init(read: CInt, write: CInt, copy: @escaping @Sendable (CInt) -> CInt) {
        self.read = read
        self.write = write
        self.copy = copy
        #if os(Linux)
        // Refused over the user's share of pipe pages; the default of 64 KiB works as well.
        _ = fcntl(read, Self.setPipeSize, Self.capacity)
        _ = fcntl(write, Self.setPipeSize, Self.capacity)
        #endif
    }

    /// Closes our ends; the browser sees the end of its pipe once the channel is closed too.
    func close() {
        isClosed.withLock { closed in
            guard !closed else { return }
            closed = true
            _ = systemClose(read)
            _ = systemClose(write)
        }
    }

    /// Duplicates for a channel.
    func duplicate() throws(DevToolsError) -> Pair {
        // Under the lock, because closed numbers may soon be another browser's pipe.
        let pair = try isClosed.withLock { closed throws(DevToolsError) in
            if closed { throw DevToolsError(.pipeClosed, "The browser's pipe is closed.") }
            return Pair(input: copy(read), output: copy(write))
        }
        if pair.input >= 0, pair.output >= 0 { return pair }
        if pair.input >= 0 { _ = systemClose(pair.input) }
        if pair.output >= 0 { _ = systemClose(pair.output) }
        throw DevToolsError(.pipeClosed, "No file descriptor is left for the browser's pipe.")
    }

    /// Opens a channel over `pair` on `loop`, which calls the core from then on.
    ///
    /// The pair is NIO's in either case: it closes both when it cannot set the channel up. Only if
    /// fstat(2) or fcntl(2) refuse them does it hand them back, which they do for no open pipe.
    func open(_ pair: Pair, on loop: any EventLoop, core: BridgeCore) -> EventLoopFuture<Void> {
        NIOPipeBootstrap(group: loop)
            .channelOption(.recvAllocator, value: Self.readSizes)
            .channelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 4 << 20))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = PipeHandler(core: core)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .takingOwnershipOfDescriptors(input: pair.input, output: pair.output)
            .flatMapThrowing { channel in
                let handler = try channel.pipeline.syncOperations.handler(type: PipeHandler.self)
                core.pipeOpened(channel, handler)
            }
    }

    private static let readSizes = AdaptiveRecvByteBufferAllocator(
        minimum: 4096, initial: 16_384, maximum: 1 << 20)
}

private func systemClose(_ descriptor: CInt) -> CInt { close(descriptor) }
