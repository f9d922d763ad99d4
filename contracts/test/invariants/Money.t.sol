// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Handler, TypicalRun} from "./handlers/Handler.sol";
import {MoneyHandler} from "./handlers/MoneyHandler.sol";

/// @notice Claimed <= settled <= escrowed, per request and in total, with voiding, giving back and a delay of a day.
contract MoneyInvariant is TypicalRun {
    MoneyHandler private handler;

    function setUp() public {
        handler = new MoneyHandler();
        handler.setUp();
    }

    function _handler() internal view override returns (Handler) {
        return handler;
    }

    function _actions() internal pure override returns (bytes4[] memory selectors) {
        selectors = new bytes4[](11);
        selectors[0] = MoneyHandler.open.selector;
        selectors[1] = MoneyHandler.settle.selector;
        selectors[2] = MoneyHandler.voidFrom.selector;
        selectors[3] = MoneyHandler.giveBack.selector;
        selectors[4] = MoneyHandler.cheat.selector;
        selectors[5] = MoneyHandler.refund.selector;
        selectors[6] = MoneyHandler.claim.selector;
        selectors[7] = MoneyHandler.passTime.selector;
        selectors[8] = MoneyHandler.changeTerms.selector;
        // Three times, or there is little to void.
        selectors[9] = MoneyHandler.settle.selector;
        selectors[10] = MoneyHandler.settle.selector;
    }

    function _reached() internal pure override returns (bytes32[] memory names) {
        names = new bytes32[](13);
        names[0] = "open";
        names[1] = "settle";
        names[2] = "final";
        names[3] = "void";
        names[4] = "void several";
        names[5] = "void in the middle";
        names[6] = "give back";
        names[7] = "return to the trainer";
        names[8] = "refuse a replay";
        names[9] = "refuse to give back";
        names[10] = "refund";
        names[11] = "claim";
        names[12] = "change terms";
    }

    /// forge-config: default.invariant.runs = 16
    function invariant_money_is_neither_made_nor_lost() public view {
        handler.check();
    }
}
