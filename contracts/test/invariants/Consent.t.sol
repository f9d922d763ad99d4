// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Handler, Suite} from "./handlers/Handler.sol";
import {DatasetsHandler} from "./handlers/DatasetsHandler.sol";

/// @notice An older consent never replaces a newer one.
contract ConsentInvariant is Suite {
    DatasetsHandler private handler;

    function setUp() public {
        handler = new DatasetsHandler();
        handler.setUp();
    }

    function _handler() internal view override returns (Handler) {
        return handler;
    }

    function _actions() internal pure override returns (bytes4[] memory selectors) {
        selectors = new bytes4[](4);
        selectors[0] = DatasetsHandler.contribute.selector;
        selectors[1] = DatasetsHandler.update.selector;
        selectors[2] = DatasetsHandler.withdraw.selector;
        selectors[3] = DatasetsHandler.passTime.selector;
    }

    /// forge-config: default.invariant.runs = 8
    function invariant_an_older_consent_never_replaces_a_newer_one() public view {
        handler.checkNewest();
    }
}
