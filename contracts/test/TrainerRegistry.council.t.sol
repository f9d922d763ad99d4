// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IAccessRequests} from "../src/interfaces/IAccessRequests.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {ITrainerRegistry} from "../src/interfaces/ITrainerRegistry.sol";
import {Base} from "./Base.t.sol";

contract CouncilTest is Base {
    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_everybody_but_the_owner_to_change_the_council() public {
        address[3] memory senders = [council, trent.account, mallory.account];
        for (uint256 i; i < senders.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, senders[i]));
            vm.prank(senders[i]);
            trainers.setCouncil(senders[i], true);
        }
    }

    function test_refuses_the_zero_address_in_the_council() public {
        vm.expectRevert(ICommonErrors.AddressZero.selector);
        vm.prank(dao);
        trainers.setCouncil(address(0), true);
    }

    function test_refuses_a_council_that_was_taken_back() public {
        vm.prank(dao);
        trainers.setCouncil(council, false);
        vm.startPrank(council);
        bytes memory refusal = abi.encodeWithSelector(ITrainerRegistry.NotCouncil.selector, council);
        vm.expectRevert(refusal);
        trainers.approve(mallory.account, type(uint40).max, 0);
        vm.expectRevert(refusal);
        trainers.setSuspended(trent.account, true);
        vm.expectRevert(refusal);
        trainers.revoke(trent.account);
    }

    /// @dev Every other function of every contract that changes something for an owner, tried by the council.
    function test_refuses_the_council_everything_else() public {
        bytes memory refusal = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, council);
        vm.startPrank(council);
        vm.expectRevert(refusal);
        registry.createPool("terms", 1, 1);
        vm.expectRevert(refusal);
        registry.setPrice(1, 2e18);
        vm.expectRevert(refusal);
        registry.setClosed(1, true);
        vm.expectRevert(refusal);
        requests.setFees(0, 0);
        vm.expectRevert(refusal);
        requests.setWindow(WINDOW);
        vm.expectRevert(refusal);
        rewards.setTreasury(council);
        vm.expectRevert(refusal);
        rewards.setGuardian(council);
        vm.expectRevert(refusal);
        committee.propose(2, _members());
        vm.expectRevert(refusal);
        trainers.transferOwnership(council);
        vm.expectRevert(refusal);
        trainers.renounceOwnership();
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_approves_at_once() public {
        vm.expectEmit(address(trainers));
        emit ITrainerRegistry.Approved(mallory.account, uint40(block.timestamp), "profile");
        vm.prank(council);
        trainers.approve(mallory.account, uint40(block.timestamp), "profile");
        vm.assertTrue(trainers.isApproved(mallory.account));
        vm.assertEq(trainers.trainer(mallory.account).profile, "profile");
    }

    /// @dev From that moment on the trainer opens no request, and custodians read the same field.
    function test_suspends_at_once_and_lifts_it_again() public {
        vm.expectEmit(address(trainers));
        emit ITrainerRegistry.Suspended(trent.account, true);
        vm.prank(council);
        trainers.setSuspended(trent.account, true);
        vm.assertFalse(trainers.isApproved(trent.account));
        bytes memory signature = _sign(trent, _digest(requests, _hash(_request(1))));
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.TrainerIsSuspended.selector, trent.account));
        requests.open(_request(1), signature, _noPermit());
        vm.prank(council);
        trainers.setSuspended(trent.account, false);
        _openRequest(1);
    }

    function test_revokes_at_once() public {
        vm.prank(council);
        trainers.revoke(trent.account);
        vm.assertFalse(trainers.isApproved(trent.account));
    }

    function testFuzz_is_given_and_taken_by_the_owner(address account) public {
        vm.assume(account != address(0) && account != council);
        vm.assertFalse(trainers.isCouncil(account));
        vm.expectEmit(address(trainers));
        emit ITrainerRegistry.CouncilChanged(account, true);
        vm.prank(dao);
        trainers.setCouncil(account, true);
        vm.assertTrue(trainers.isCouncil(account));
        vm.prank(dao);
        trainers.setCouncil(account, false);
        vm.assertFalse(trainers.isCouncil(account));
        vm.assertTrue(trainers.isCouncil(council));
    }
}
