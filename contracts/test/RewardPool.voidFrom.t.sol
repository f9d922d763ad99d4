// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessRequests} from "../src/interfaces/IAccessRequests.sol";
import {IRewardPool, Settled, Settlement} from "../src/interfaces/IRewardPool.sol";
import {Base} from "./Base.t.sol";

contract VoidFromTest is Base {
    bytes32 internal request;

    function setUp() public override {
        super.setUp();
        request = _openRequest(10);
    }

    function _claimDelay() internal pure override returns (uint40) {
        return 1 days;
    }

    /// @dev Takes a settlement of one use and lets an hour pass.
    function _settleOne() internal returns (Settlement memory settlement) {
        settlement = _settlement(request, PRICE, _leaf(alice.account, rewards.total() + PRICE));
        _settle(settlement);
        vm.warp(block.timestamp + 1 hours);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_everybody_but_the_guardian() public {
        _settleOne();
        address[6] memory senders = [dao, council, carol.account, trent.account, mallory.account, address(governor)];
        for (uint256 i; i < senders.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRewardPool.NotGuardian.selector, senders[i]));
            vm.prank(senders[i]);
            rewards.voidFrom(1);
        }
        vm.assertEq(rewards.settlements(), 1);
    }

    function test_refuses_the_guardian_of_yesterday_and_the_zero_address() public {
        _settleOne();
        vm.prank(dao);
        rewards.setGuardian(address(0));
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.NotGuardian.selector, guardian));
        _voidFrom(1);
    }

    function testFuzz_refuses_a_number_that_no_settlement_has(uint256 number) public {
        _settleOne();
        _settleOne();
        vm.assume(number == 0 || number > 2);
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.SettlementUnknown.selector, number));
        _voidFrom(number);
    }

    function test_refuses_zero() public {
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.SettlementUnknown.selector, 0));
        _voidFrom(0);
    }

    function test_refuses_what_was_voided_before() public {
        _settleOne();
        _voidFrom(1);
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.SettlementUnknown.selector, 1));
        _voidFrom(1);
    }

    function testFuzz_refuses_from_the_second_at_which_it_is_in_effect(uint32 later) public {
        _settleOne();
        uint256 from = rewards.settled(1).effectiveFrom;
        vm.warp(from + later);
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.SettlementEffective.selector, 1, from));
        _voidFrom(1);
    }

    function test_refuses_to_void_one_in_effect_together_with_one_that_is_not() public {
        _settleOne();
        _settleOne();
        uint256 from = rewards.settled(1).effectiveFrom;
        vm.warp(from);
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.SettlementEffective.selector, 1, from));
        _voidFrom(1);
        _voidFrom(2);
        vm.assertEq(rewards.settlements(), 1);
    }

    /// @dev The same facts need another document: the old signatures are worth nothing, for ever.
    function test_what_was_voided_cannot_be_taken_again() public {
        Settlement memory settlement = _settleOne();
        _voidFrom(1);
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        bytes memory refusal = abi.encodeWithSelector(IRewardPool.SettlementRepeated.selector, _hash(settlement));
        vm.expectRevert(refusal);
        rewards.settle(settlement, signatures);
        signatures = _signBy(cora, cid, settlement);
        vm.expectRevert(refusal);
        rewards.settle(settlement, signatures);
        rewards.giveBack(settlement);
        vm.expectRevert(refusal);
        rewards.settle(settlement, signatures);
        settlement.document = "another";
        _settle(settlement);
        vm.assertEq(rewards.total(), PRICE);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_voids_in_the_last_second_before_it_takes_effect() public {
        _settleOne();
        vm.warp(rewards.settled(1).effectiveFrom - 1);
        _voidFrom(1);
        vm.assertEq(rewards.settlements(), 0);
    }

    function test_the_root_of_a_voided_settlement_pays_nobody() public {
        _settleOne();
        _voidFrom(1);
        vm.warp(block.timestamp + 30 days);
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.ProofInvalid.selector, alice.account, PRICE));
        rewards.claim(alice.account, PRICE, new bytes32[](0));
    }

    function test_takes_back_root_total_and_document() public {
        Settlement memory first = _settleOne();
        _settleOne();
        vm.expectEmit(address(rewards));
        emit IRewardPool.SettlementsVoided(2, 2);
        _voidFrom(2);
        vm.assertEq(rewards.root(), first.root);
        vm.assertEq(rewards.total(), PRICE);
        vm.assertEq(rewards.document(), first.document);
        vm.assertEq(rewards.voidings(), 1);
        Settled memory none;
        vm.assertEq(keccak256(abi.encode(rewards.settled(2))), keccak256(abi.encode(none)));
        vm.assertEq(rewards.effectiveFrom(2, 2), type(uint256).max);
    }

    /// @dev Of four pending ones the second and all after it go; the first takes effect in its time.
    function test_voids_the_middle_and_all_after_it() public {
        _settleOne();
        for (uint256 i; i < 3; ++i) {
            _settleOne();
        }
        vm.expectEmit(address(rewards));
        emit IRewardPool.SettlementsVoided(2, 4);
        _voidFrom(2);
        vm.assertEq(rewards.settlements(), 1);
        vm.warp(rewards.settled(1).effectiveFrom);
        vm.assertEq(rewards.inEffect(), 1);
        vm.assertEq(rewards.claim(alice.account, PRICE, new bytes32[](0)), PRICE);
    }

    /// @dev The number is taken again, by another settlement with a sequence and a delay of its own.
    function test_the_next_settlement_takes_the_number_and_a_delay_of_its_own() public {
        _settleOne();
        _settleOne();
        _voidFrom(2);
        Settlement memory settlement = _settlement(request, PRICE, _leaf(alice.account, 2 * PRICE));
        settlement.document = "another";
        uint40 from = uint40(block.timestamp + 1 days);
        vm.expectEmit(address(rewards));
        emit IRewardPool.SettlementTaken(2, 1, settlement.root, 2 * PRICE, "another", 3, from);
        _settle(settlement);
        vm.assertEq(rewards.settled(2).sequence, 3);
        vm.assertEq(rewards.effectiveFrom(2, 3), from);
        vm.assertEq(rewards.effectiveFrom(2, 2), type(uint256).max);
        vm.warp(from - 1);
        vm.assertEq(rewards.inEffect(), 1);
        vm.warp(from);
        vm.assertEq(rewards.inEffect(), 2);
    }

    /// @dev At once, before anybody has given anything back.
    function test_what_it_had_marked_final_is_open_again_at_once() public {
        _contribute(_contribution());
        _settle(_final(request));
        vm.assertTrue(requests.request(request).isFinal);
        _voidFrom(1);
        vm.assertFalse(requests.request(request).isFinal);
        vm.warp(block.timestamp + 2 days);
        uint256 end = uint256(requests.request(request).expires) + WINDOW;
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.RequestNotRefundable.selector, request, end + 1));
        requests.refund(request);
        _settle(_settlement(request, PRICE, "root"));
        vm.assertEq(requests.request(request).spent, PRICE);
    }

    /// @dev Its cost depends neither on how many settlements it voids nor on what they hold.
    function test_costs_the_same_for_one_and_for_many() public {
        _settleOne();
        _settleOne();
        vm.cool(address(rewards));
        uint256 gas = gasleft();
        _voidFrom(2);
        uint256 one = gas - gasleft();
        for (uint256 i; i < 6; ++i) {
            Settlement memory settlement = _settlement(request, PRICE, "root");
            settlement.document = keccak256(abi.encode("another", i));
            _settle(settlement);
        }
        vm.cool(address(rewards));
        gas = gasleft();
        _voidFrom(2);
        vm.assertLe(gas - gasleft(), one + 100, "gas of voiding many");
        vm.assertEq(rewards.voidings(), 2);
    }

    /// @dev Whatever the guardian tries, nothing else is theirs to do.
    function test_the_guardian_can_do_nothing_else() public {
        _settleOne();
        vm.startPrank(guardian);
        bytes[] memory calls = new bytes[](4);
        calls[0] = abi.encodeCall(rewards.setGuardian, (guardian));
        calls[1] = abi.encodeCall(rewards.setTreasury, (guardian));
        calls[2] = abi.encodeCall(rewards.transferOwnership, (guardian));
        calls[3] = abi.encodeCall(rewards.settle, (_settlement(request, 1, "root"), new bytes[](0)));
        for (uint256 i; i < calls.length; ++i) {
            (bool done,) = address(rewards).call(calls[i]);
            vm.assertFalse(done);
        }
        (bool opened,) = address(requests).call(abi.encodeCall(requests.setFees, (0, 0)));
        vm.assertFalse(opened);
        (bool suspended,) = address(trainers).call(abi.encodeCall(trainers.setSuspended, (trent.account, true)));
        vm.assertFalse(suspended);
        vm.stopPrank();
    }
}
