// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {Epoch, ICustodianCommittee, Member} from "../src/interfaces/ICustodianCommittee.sol";
import {Base} from "./Base.t.sol";

contract ProposeTest is Base {
    function _many(uint256 n) internal pure returns (Member[] memory members) {
        members = new Member[](n);
        for (uint256 i; i < n; ++i) {
            members[i] = Member(address(uint160(1000 + i)), "http://custodian", "age1custodian");
        }
    }

    function _refuses(uint8 t, Member[] memory members, bytes memory refusal) internal {
        vm.expectRevert(refusal);
        vm.prank(dao);
        committee.propose(t, members);
        vm.assertEq(committee.epochCount(), 1);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_everybody_but_the_owner() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, carol.account));
        vm.prank(carol.account);
        committee.propose(2, _many(3));
    }

    function testFuzz_refuses_sizes_without_an_honest_majority(uint8 t, uint8 n) public {
        n = n % 70;
        if (t >= 2 && n >= 2 * uint256(t) - 1 && n <= 64) return;
        _refuses(t, _many(n), abi.encodeWithSelector(ICustodianCommittee.CommitteeSizeInvalid.selector, t, n));
    }

    function test_refuses_an_account_twice() public {
        Member[] memory members = _many(3);
        members[2].account = members[0].account;
        _refuses(2, members, abi.encodeWithSelector(ICustodianCommittee.MemberRepeated.selector, members[0].account));
    }

    function test_refuses_the_zero_address() public {
        Member[] memory members = _many(3);
        members[1].account = address(0);
        _refuses(2, members, abi.encodeWithSelector(ICommonErrors.AddressZero.selector));
    }

    function test_refuses_a_member_without_endpoint_or_recipient() public {
        Member[] memory members = _many(3);
        members[1].endpoint = "";
        bytes memory refusal = abi.encodeWithSelector(ICustodianCommittee.MemberIncomplete.selector, members[1].account);
        _refuses(2, members, refusal);
        members[1].endpoint = "http://custodian";
        members[1].recipient = "";
        _refuses(2, members, refusal);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_leaves_the_current_epoch_in_office() public {
        vm.prank(dao);
        vm.assertEq(committee.propose(32, _many(64)), 2);
        vm.assertEq(committee.epochCount(), 2);
        vm.assertEq(committee.currentEpoch(), 1);
        Epoch memory epoch = committee.epoch(2);
        vm.assertFalse(epoch.active);
        vm.assertEq(epoch.threshold, 32);
        vm.assertEq(epoch.members.length, 64);
        vm.assertEq(committee.threshold(2), 32);
        vm.assertEq(committee.memberIndex(2, address(1000)), 1);
        vm.assertEq(committee.memberIndex(2, address(1063)), 64);
        vm.assertEq(committee.memberIndex(2, carol.account), 0);
        vm.assertEq(committee.memberIndex(1, cora.account), 2);
    }
}
