// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Handler, TypicalRun} from "./handlers/Handler.sol";
import {DatasetsHandler} from "./handlers/DatasetsHandler.sol";

/// @notice An item that fails leaves the rest of its batch untouched: the registry is what a record kept item by item says.
contract BatchInvariant is TypicalRun {
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

    function _reached() internal pure override returns (bytes32[] memory names) {
        names = new bytes32[](6);
        names[0] = "contribute";
        names[1] = "contribute again";
        names[2] = "update";
        names[3] = "update again";
        names[4] = "withdraw";
        names[5] = "mixed batch";
    }

    /// forge-config: default.invariant.runs = 8
    function invariant_an_item_that_fails_leaves_the_rest_untouched() public view {
        handler.check();
    }
}
