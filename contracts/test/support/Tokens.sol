// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TestToken} from "../../src/TestToken.sol";

/// @notice As some stable coins do, pays nothing to accounts on a list.
contract BlockingToken is TestToken {
    error Blocked(address account);

    mapping(address account => bool) public isBlocked;

    constructor(address owner) TestToken(owner) {}

    function setBlocked(address account, bool blocked) external {
        isBlocked[account] = blocked;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (isBlocked[to]) revert Blocked(to);
        super._update(from, to, value);
    }
}
