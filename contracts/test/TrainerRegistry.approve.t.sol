// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {ITrainerRegistry, Trainer} from "../src/interfaces/ITrainerRegistry.sol";
import {Base} from "./Base.t.sol";

contract ApproveTrainerTest is Base {
    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_everybody_but_owner_and_council() public {
        bytes memory refusal = abi.encodeWithSelector(ITrainerRegistry.NotCouncil.selector, mallory.account);
        vm.expectRevert(refusal);
        vm.prank(mallory.account);
        trainers.approve(mallory.account, type(uint40).max, 0);
        vm.expectRevert(refusal);
        vm.prank(mallory.account);
        trainers.revoke(trent.account);
        vm.expectRevert(refusal);
        vm.prank(mallory.account);
        trainers.setSuspended(trent.account, true);
    }

    function test_refuses_an_approval_that_is_over() public {
        uint40 until = uint40(block.timestamp - 1);
        vm.expectRevert(abi.encodeWithSelector(ITrainerRegistry.ApprovalPast.selector, until));
        vm.prank(dao);
        trainers.approve(mallory.account, until, 0);
    }

    function test_refuses_the_zero_address() public {
        vm.expectRevert(ICommonErrors.AddressZero.selector);
        vm.prank(dao);
        trainers.approve(address(0), type(uint40).max, 0);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_holds_until_its_last_second() public {
        uint40 until = trainers.trainer(trent.account).approvedUntil;
        vm.warp(until);
        vm.assertTrue(trainers.isApproved(trent.account));
        vm.warp(uint256(until) + 1);
        vm.assertFalse(trainers.isApproved(trent.account));
    }

    function test_suspension_outlives_a_new_approval() public {
        vm.prank(dao);
        trainers.setSuspended(trent.account, true);
        vm.assertFalse(trainers.isApproved(trent.account));
        vm.prank(dao);
        trainers.approve(trent.account, type(uint40).max, "profile");
        vm.assertFalse(trainers.isApproved(trent.account));
        vm.prank(dao);
        trainers.setSuspended(trent.account, false);
        vm.assertTrue(trainers.isApproved(trent.account));
    }

    function test_revoking_ends_it_at_once() public {
        vm.expectEmit(address(trainers));
        emit ITrainerRegistry.Revoked(trent.account);
        vm.prank(dao);
        trainers.revoke(trent.account);
        vm.assertFalse(trainers.isApproved(trent.account));
        Trainer memory found = trainers.trainer(trent.account);
        vm.assertEq(found.approvedUntil, 0);
        vm.assertEq(found.profile, keccak256("profile"));
    }

    function testFuzz_holds_until_the_time_that_was_named(uint40 until, uint40 time) public {
        vm.assume(until >= block.timestamp && time >= block.timestamp);
        vm.expectEmit(address(trainers));
        emit ITrainerRegistry.Approved(mallory.account, until, "profile");
        vm.prank(dao);
        trainers.approve(mallory.account, until, "profile");
        vm.warp(time);
        vm.assertEq(trainers.isApproved(mallory.account), time <= until);
        vm.assertEq(trainers.trainer(mallory.account).approvedUntil, until);
    }
}
