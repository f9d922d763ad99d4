// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Member} from "../src/interfaces/ICustodianCommittee.sol";
import {IRewardPool, Settlement} from "../src/interfaces/IRewardPool.sol";
import {Base} from "./Base.t.sol";
import {Actor} from "./support/Signing.sol";

/// @notice A committee change never strands a receipt of the epoch before: whoever is in office settles it.
contract CommitteeChangeTest is Base {
    Actor internal dora;
    Actor internal dana;
    Actor internal dan;
    bytes32 internal request;

    function setUp() public override {
        super.setUp();
        (dora, dana, dan) = (_actor("Dora"), _actor("Dana"), _actor("Dan"));
        request = _openRequest(10);
    }

    function _claimDelay() internal pure override returns (uint40) {
        return 1 days;
    }

    /// @dev Nobody of the old committee is in the new one.
    function _replace() internal {
        Member[] memory members = new Member[](3);
        members[0] = Member(dora.account, "http://dora", "age1dora");
        members[1] = Member(dana.account, "http://dana", "age1dana");
        members[2] = Member(dan.account, "http://dan", "age1dan");
        vm.prank(dao);
        uint32 epoch = committee.propose(2, members);
        for (uint256 i; i < 3; ++i) {
            vm.prank(members[i].account);
            committee.confirm(epoch, "another Y", _shares(), "another transcript");
        }
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_what_the_old_committee_signed_and_nobody_sent() public {
        Settlement memory settlement = _settlement(request, PRICE, "root");
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        _replace();
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.EpochNotCurrent.selector, 1, 2));
        rewards.settle(settlement, signatures);
    }

    function test_refuses_the_old_members_under_the_new_number() public {
        _replace();
        Settlement memory settlement = _settlement(request, PRICE, "root");
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        address first = carol.account < cid.account ? carol.account : cid.account;
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.SignerNotMember.selector, first));
        rewards.settle(settlement, signatures);
    }

    /// @dev A committee that was proposed and has not confirmed leaves the old one in office.
    function test_refuses_a_committee_that_has_not_confirmed() public {
        vm.prank(dao);
        committee.propose(2, _members());
        Settlement memory settlement = _settlement(request, PRICE, "root");
        settlement.epoch = 2;
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.EpochNotCurrent.selector, 2, 1));
        rewards.settle(settlement, signatures);
        _settle(_settlement(request, PRICE, "root"));
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_the_new_committee_settles_a_request_of_the_old_epoch() public {
        _replace();
        Settlement memory settlement = _settlement(request, PRICE, _leaf(alice.account, PRICE));
        rewards.settle(settlement, _signBy(dora, dan, settlement));
        vm.warp(block.timestamp + 1 days);
        vm.assertEq(rewards.claim(alice.account, PRICE, new bytes32[](0)), PRICE);
    }

    function test_a_pending_settlement_of_the_old_epoch_takes_effect() public {
        _settle(_settlement(request, PRICE, _leaf(alice.account, PRICE)));
        _replace();
        vm.warp(block.timestamp + 1 days);
        vm.assertEq(rewards.inEffect(), 1);
        vm.assertEq(rewards.claim(alice.account, PRICE, new bytes32[](0)), PRICE);
    }

    function test_the_guardian_voids_what_the_old_committee_settled_and_the_new_one_settles_it_again() public {
        Settlement memory settlement = _settlement(request, PRICE, "false root");
        _settle(settlement);
        _replace();
        _voidFrom(1);
        rewards.giveBack(settlement);
        settlement = _settlement(request, PRICE, _leaf(alice.account, PRICE));
        rewards.settle(settlement, _signBy(dana, dan, settlement));
        vm.warp(block.timestamp + 1 days);
        vm.assertEq(rewards.claim(alice.account, PRICE, new bytes32[](0)), PRICE);
        vm.assertEq(requests.request(request).spent, PRICE);
    }
}
