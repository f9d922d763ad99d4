// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {Epoch, ICustodianCommittee} from "../src/interfaces/ICustodianCommittee.sol";
import {Base} from "./Base.t.sol";
import {Actor} from "./support/Signing.sol";

contract ConfirmTest is Base {
    function setUp() public override {
        super.setUp();
        vm.prank(dao);
        committee.propose(2, _members());
    }

    function _confirm(Actor memory by, uint32 epoch, bytes32 key, bytes32 transcript) internal {
        vm.prank(by.account);
        committee.confirm(epoch, key, _shares(), transcript);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_who_is_not_a_member() public {
        vm.expectRevert(abi.encodeWithSelector(ICustodianCommittee.NotMember.selector, 2, mallory.account));
        _confirm(mallory, 2, "Y", "transcript");
    }

    function test_refuses_an_unknown_epoch() public {
        vm.expectRevert(abi.encodeWithSelector(ICustodianCommittee.EpochUnknown.selector, 3));
        _confirm(carol, 3, "Y", "transcript");
        vm.expectRevert(abi.encodeWithSelector(ICustodianCommittee.EpochUnknown.selector, 0));
        committee.epoch(0);
    }

    function test_refuses_an_active_epoch() public {
        vm.expectRevert(abi.encodeWithSelector(ICustodianCommittee.EpochIsActive.selector, 1));
        _confirm(carol, 1, "another Y", "transcript");
    }

    function test_refuses_an_epoch_once_a_later_one_is_proposed() public {
        _confirm(carol, 2, "Y", "transcript");
        _confirm(cora, 2, "Y", "transcript");
        vm.prank(dao);
        committee.propose(2, _members());
        vm.expectRevert(abi.encodeWithSelector(ICustodianCommittee.EpochSuperseded.selector, 2, 3));
        _confirm(cid, 2, "Y", "transcript");
        vm.assertEq(committee.currentEpoch(), 1);
    }

    function test_refuses_an_epoch_that_was_overtaken() public {
        vm.prank(dao);
        committee.propose(2, _members());
        _confirm(carol, 3, "Y", "transcript");
        _confirm(cora, 3, "Y", "transcript");
        _confirm(cid, 3, "Y", "transcript");
        vm.expectRevert(abi.encodeWithSelector(ICustodianCommittee.EpochSuperseded.selector, 2, 3));
        _confirm(carol, 2, "Y", "transcript");
    }

    function test_refuses_keys_that_cannot_be() public {
        bytes32[] memory shares = new bytes32[](2);
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.LengthMismatch.selector, 2, 3));
        vm.prank(carol.account);
        committee.confirm(2, "Y", shares, "transcript");
        vm.expectRevert(ICustodianCommittee.KeyZero.selector);
        _confirm(carol, 2, 0, "transcript");
        shares = _shares();
        shares[1] = 0;
        vm.expectRevert(ICustodianCommittee.KeyZero.selector);
        vm.prank(carol.account);
        committee.confirm(2, "Y", shares, "transcript");
    }

    function test_is_not_active_while_one_has_not_confirmed_or_differs() public {
        _confirm(carol, 2, "Y", "transcript");
        _confirm(cora, 2, "Y", "transcript");
        vm.assertFalse(committee.epoch(2).active);
        _confirm(cid, 2, "Y of an equivocator", "transcript");
        vm.assertFalse(committee.epoch(2).active);
        _confirm(cid, 2, "Y", "another transcript");
        vm.assertFalse(committee.epoch(2).active);
        vm.assertEq(committee.currentEpoch(), 1);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_is_active_once_all_last_words_are_equal() public {
        _confirm(carol, 2, "an interrupted session", "transcript 1");
        _confirm(cora, 2, "Y", "transcript 2");
        _confirm(cid, 2, "Y", "transcript 2");
        vm.assertFalse(committee.epoch(2).active);
        vm.expectEmit(address(committee));
        emit ICustodianCommittee.EpochConfirmed(2, carol.account, "transcript 2");
        vm.expectEmit(address(committee));
        emit ICustodianCommittee.EpochActivated(2, "Y", _shares(), "transcript 2");
        _confirm(carol, 2, "Y", "transcript 2");
        Epoch memory epoch = committee.epoch(2);
        vm.assertTrue(epoch.active);
        vm.assertEq(epoch.groupKey, "Y");
        vm.assertEq(epoch.transcript, "transcript 2");
        vm.assertEq(epoch.verifyingShares[2], "Y3");
        vm.assertEq(committee.currentEpoch(), 2);
        vm.assertEq(
            committee.confirmation(2, carol.account),
            keccak256(abi.encode(bytes32("Y"), _shares(), bytes32("transcript 2")))
        );
    }
}
