// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GrainHandler} from "./handlers/GrainHandler.sol";
import {Handler, TypicalRun} from "./handlers/Handler.sol";

/// @notice GRAIN minted never exceeds what was claimed times the constant, by account and in total, and never moves.
contract GrainInvariant is TypicalRun {
    GrainHandler private handler;

    function setUp() public {
        handler = new GrainHandler();
        handler.setUp();
    }

    function _handler() internal view override returns (Handler) {
        return handler;
    }

    function _actions() internal pure override returns (bytes4[] memory selectors) {
        selectors = new bytes4[](6);
        selectors[0] = GrainHandler.earn.selector;
        selectors[1] = GrainHandler.join.selector;
        selectors[2] = GrainHandler.joinFor.selector;
        selectors[3] = GrainHandler.transfer.selector;
        selectors[4] = GrainHandler.delegate.selector;
        selectors[5] = GrainHandler.passTime.selector;
    }

    function _reached() internal pure override returns (bytes32[] memory names) {
        names = new bytes32[](7);
        names[0] = "earn";
        names[1] = "join";
        names[2] = "refuse to mint";
        names[3] = "join by signature";
        names[4] = "refuse a message";
        names[5] = "refuse a transfer";
        names[6] = "delegate";
    }

    /// forge-config: default.invariant.runs = 16
    function invariant_minted_is_never_more_than_what_was_claimed() public view {
        handler.check();
    }
}
