// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

extension BridgeMachine {
    /// What the driver tells the bridge, apart from messages.
    public enum Event: Equatable, Sendable {
        /// The DevTools pipe is open. Once, before anything else.
        case pipeOpened
        /// A client came. It must not send anything before `Action.attached` names it; the driver
        /// holds its messages back until then. `isInternal` marks tasks of our own.
        case clientAttached(ClientID, root: ClientRoot, isInternal: Bool)
        /// A client went, for whatever reason. Telling it again is harmless.
        case clientDetached(ClientID)
        /// The send queue of a client crossed one of the marks, in either direction.
        case clientQueue(ClientID, QueueLevel)
        /// Pages that clients make from now on have this size, in pixels, unless the call names one;
        /// nil leaves it to the browser.
        case pageSize(PageSize?)
        /// The deadline passed. Too early or too often is harmless.
        case tick
        /// The DevTools pipe is closed; nothing more will come from the browser.
        case pipeClosed
    }

    /// What the bridge wants done, in this order.
    public enum Action: Equatable, Sendable {
        /// Send the client message in hand to the browser, with this edit.
        case toBrowser(Edit)
        /// Send the browser message in hand to a client, with this edit.
        case toClient(ClientID, Edit)
        /// Send this message (without the closing NUL) to the browser.
        case command([UInt8])
        /// Send this message to a client.
        case reply(ClientID, [UInt8])
        /// The client has its root session; its messages may come now.
        case attached(ClientID)
        /// The client gets no session; close it or refuse its upgrade. It is forgotten already.
        case attachFailed(ClientID, AttachFailure)
        /// Close the client's connection. It is forgotten already; what it left is being removed.
        case closeClient(ClientID, ClientCloseReason)
        /// The client asked for `Browser.close` and has been answered: end the lease.
        case browserClosing(by: ClientID)
        /// A page was attached to or navigated by a client; `targetID` is Chromium's name for it.
        case pageTouched(targetID: String)
        /// A page is gone; `targetID` is Chromium's name for it.
        case pageGone(targetID: String)
    }

    /// Why a client could not be given a root session.
    public enum AttachFailure: Equatable, Sendable {
        /// There is no such target, or Chromium would not attach to it; its own words.
        case refused(String)
        /// The browser did not answer within `Configuration.attachTimeout`.
        case timedOut
        /// The pipe is closed, or was never opened.
        case pipeClosed
    }
}
