// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Settlement, Spending} from "../src/interfaces/IRewardPool.sol";
import {Base} from "./Base.t.sol";

contract InEffectTest is Base {
    uint40 internal constant DELAY = 1 days;

    /// @dev What a reader keeps who knows of no binary search: for each number that stands, from when on it is in effect.
    uint256[] internal model;
    uint256 internal documents;

    function _claimDelay() internal pure override returns (uint40) {
        return DELAY;
    }

    function _take() internal {
        Settlement memory settlement = _settlement(0, 0, 0);
        settlement.spending = new Spending[](0);
        settlement.document = keccak256(abi.encode(++documents));
        _settle(settlement);
        model.push(block.timestamp + DELAY);
    }

    /// @dev The last number in effect, found by looking at each.
    function _linear() internal view returns (uint256 last) {
        for (uint256 i; i < model.length; ++i) {
            if (block.timestamp >= model[i]) last = i + 1;
        }
    }

    function _check() internal view {
        vm.assertEq(rewards.inEffect(), _linear());
        vm.assertEq(rewards.settlements(), model.length);
        for (uint256 i; i < model.length; ++i) {
            vm.assertEq(rewards.settled(i + 1).effectiveFrom, model[i]);
            vm.assertEq(rewards.effectiveFrom(uint64(i + 1), rewards.settled(i + 1).sequence), model[i]);
        }
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_is_zero_before_anything_was_settled() public view {
        vm.assertEq(rewards.inEffect(), 0);
        vm.assertEq(rewards.settled(0).sequence, 0);
        vm.assertEq(rewards.settled(1).sequence, 0);
    }

    function test_changes_at_the_very_second() public {
        _take();
        vm.warp(model[0] - 1);
        vm.assertEq(rewards.inEffect(), 0);
        vm.warp(model[0]);
        vm.assertEq(rewards.inEffect(), 1);
    }

    function test_several_of_one_second_take_effect_together() public {
        _take();
        _take();
        _take();
        vm.warp(model[0]);
        vm.assertEq(rewards.inEffect(), 3);
    }

    /// @dev Settles, voids and lets time pass as the dice say, and compares at every step.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_finds_what_looking_at_each_finds(uint256 dice) public {
        for (uint256 step; step < 20; ++step) {
            dice = uint256(keccak256(abi.encode(dice)));
            uint256 last = _linear();
            if (dice % 4 < 2) {
                _take();
            } else if (dice % 4 == 2 && model.length > last) {
                uint256 number = last + 1 + (dice >> 8) % (model.length - last);
                _voidFrom(number);
                while (model.length >= number) model.pop();
            }
            _check();
            vm.warp(block.timestamp + (dice >> 128) % 12 hours);
            vm.assertEq(rewards.inEffect(), _linear());
        }
    }

    function testFuzz_a_sequence_that_does_not_stand_never_takes_effect(uint64 number, uint64 sequence) public {
        _take();
        _take();
        _voidFrom(2);
        model.pop();
        _take();
        vm.warp(block.timestamp + 365 days);
        bool stands = (number == 1 && sequence == 1) || (number == 2 && sequence == 3);
        if (!stands) vm.assertEq(rewards.effectiveFrom(number, sequence), type(uint256).max);
        vm.assertEq(rewards.effectiveFrom(1, 1), model[0]);
        vm.assertEq(rewards.effectiveFrom(2, 3), model[1]);
        vm.assertEq(rewards.effectiveFrom(0, 0), type(uint256).max);
        vm.assertEq(rewards.effectiveFrom(3, 0), type(uint256).max);
    }

    /// @dev Each pending settlement doubles what is searched for one step more.
    function test_costs_little_however_many_are_pending() public {
        for (uint256 i; i < 64; ++i) {
            _take();
        }
        vm.cool(address(rewards));
        uint256 gas = gasleft();
        rewards.inEffect();
        vm.assertLe(gas - gasleft(), 30_000, "gas of a search among 64");
    }
}
