// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Join} from "../../../src/interfaces/IGrainToken.sol";
import {Base} from "../../Base.t.sol";
import {Dao} from "../../support/Dao.sol";
import {Actor} from "../../support/Signing.sol";
import {Handler} from "./Handler.sol";

/// @notice Earns, claims, joins, joins again, delegates and tries to transfer, for four members. It keeps books of its own.
contract GrainHandler is Dao, Handler {
    Actor[4] internal members;
    uint256 public claimed;
    uint256 public minted;
    mapping(address member => uint256) public mintedTo;
    bytes[] internal joins;

    function setUp() public override(Base, Dao) {
        Dao.setUp();
        members[0] = alice;
        members[1] = bob;
        members[2] = _actor("Carl");
        members[3] = _actor("Dora");
        (mintedTo[alice.account], mintedTo[bob.account]) = (60e18, 40e18);
        (claimed, minted) = (100e18, 100e18);
    }

    function earn(uint256 which, uint256 amount, uint256) external {
        amount = 1 + amount % 20e18;
        _earn(members[which % 4].account, amount);
        claimed += amount;
        _done("earn");
    }

    function join(uint256 which, uint256, uint256) external {
        address member = members[which % 4].account;
        uint256 due = rewards.claimed(member) - mintedTo[member];
        vm.prank(member);
        try grain.join() returns (uint256 amount) {
            vm.assertEq(amount, due, "what was due");
            _count(member, amount);
            _done("join");
        } catch {
            vm.assertEq(due, 0, "refused only when nothing is due");
            _done("refuse to mint");
        }
    }

    /// @dev A new message, or one that was sent before.
    function joinFor(uint256 which, uint256 again, uint256 forged) external {
        Join memory message = Join(members[which % 4].account, block.timestamp + 1 days);
        bytes memory signature = _sign(forged % 4 == 0 ? mallory : members[which % 4], _digest(grain, _hash(message)));
        if (again % 2 == 0 && joins.length != 0) {
            (message, signature) = abi.decode(joins[again % joins.length], (Join, bytes));
        } else {
            joins.push(abi.encode(message, signature));
        }
        uint256 due = rewards.claimed(message.account) - mintedTo[message.account];
        try grain.joinFor(message, signature) returns (uint256 amount) {
            vm.assertEq(amount, due, "what was due");
            _count(message.account, amount);
            _done("join by signature");
        } catch {
            _done("refuse a message");
        }
    }

    function transfer(uint256 from, uint256 to, uint256 amount) external {
        address receiver = members[to % 4].account;
        vm.prank(members[from % 4].account);
        try grain.transfer(receiver, amount) {
            vm.assertTrue(false, "transferred");
        } catch {
            _done("refuse a transfer");
        }
    }

    function delegate(uint256 from, uint256 to, uint256) external {
        vm.prank(members[from % 4].account);
        grain.delegate(to % 5 == 4 ? address(0) : members[to % 5].account);
        _done("delegate");
    }

    function passTime(uint256 time, uint256, uint256) external {
        vm.warp(block.timestamp + 1 + time % 8 hours);
        vm.prank(dao);
        trainers.approve(trent.account, type(uint40).max, 0);
        _done("pass time");
    }

    function check() external view {
        uint256 balances;
        uint256 votes;
        for (uint256 i; i < 4; ++i) {
            address member = members[i].account;
            balances += grain.balanceOf(member);
            votes += grain.getVotes(member);
            vm.assertEq(grain.balanceOf(member), mintedTo[member], "what was minted stays");
            vm.assertLe(
                grain.balanceOf(member), rewards.claimed(member) * grain.GRAIN_PER_CLAIMED(), "no more than claimed"
            );
        }
        vm.assertEq(grain.totalSupply(), minted, "minted in all");
        vm.assertEq(balances, minted, "nobody else has any");
        vm.assertLe(votes, minted, "no vote without GRAIN");
        vm.assertEq(rewards.totalClaimed(), claimed, "claimed in all");
        vm.assertLe(minted, claimed * grain.GRAIN_PER_CLAIMED(), "minted <= claimed");
    }

    function _count(address member, uint256 amount) private {
        mintedTo[member] += amount;
        minted += amount;
    }
}
