// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title Timelock
/// @notice Owns every other contract and the treasury: what the DAO decided happens after a delay, by anyone's hand.
/// @dev OpenZeppelin's TimelockController. During the set-up its deployer is the one proposer and the delay is zero; the
/// last thing that the set-up does is to hand over to the Governor (`granary deploy handover`), which cannot be undone.
contract Timelock is TimelockController {
    constructor(uint256 minDelay, address[] memory proposers, address[] memory executors, address admin)
        TimelockController(minDelay, proposers, executors, admin)
    {}
}
