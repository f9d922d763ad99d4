// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessRequests} from "../src/interfaces/IAccessRequests.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {IRewardPool, Settlement, Spending} from "../src/interfaces/IRewardPool.sol";
import {Base} from "./Base.t.sol";
import {Actor} from "./support/Signing.sol";

contract SettleTest is Base {
    bytes32 internal request;

    function setUp() public override {
        super.setUp();
        request = _openRequest(3);
    }

    function _next() internal view returns (Settlement memory) {
        return _settlement(request, PRICE, "root");
    }

    function _refuses(Settlement memory settlement, bytes[] memory signatures, bytes memory refusal) internal {
        uint256 before = rewards.settlements();
        vm.expectRevert(refusal);
        rewards.settle(settlement, signatures);
        vm.assertEq(rewards.settlements(), before);
        vm.assertEq(token.balanceOf(address(rewards)), rewards.total());
    }

    function _refuses(Settlement memory settlement, bytes memory refusal) internal {
        _refuses(settlement, _signBy(carol, cid, settlement), refusal);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_a_number_that_does_not_follow() public {
        Settlement memory settlement = _next();
        settlement.number = 0;
        _refuses(settlement, abi.encodeWithSelector(IRewardPool.NumberInvalid.selector, 0, 1));
        settlement.number = 2;
        _refuses(settlement, abi.encodeWithSelector(IRewardPool.NumberInvalid.selector, 2, 1));
    }

    function testFuzz_refuses_any_number_but_the_next(uint256 number) public {
        _settle(_next());
        vm.assume(number != 2);
        Settlement memory settlement = _next();
        settlement.number = number;
        _refuses(settlement, abi.encodeWithSelector(IRewardPool.NumberInvalid.selector, number, 2));
    }

    function test_refuses_a_replay() public {
        Settlement memory settlement = _next();
        _settle(settlement);
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.NumberInvalid.selector, 1, 2));
        rewards.settle(settlement, signatures);
    }

    function test_refuses_another_epoch_than_the_current_one() public {
        Settlement memory settlement = _next();
        settlement.epoch = 2;
        _refuses(settlement, abi.encodeWithSelector(IRewardPool.EpochNotCurrent.selector, 2, 1));
    }

    function test_refuses_the_custodians_of_the_last_epoch() public {
        Settlement memory settlement = _next();
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        _formCommittee();
        _refuses(settlement, signatures, abi.encodeWithSelector(IRewardPool.EpochNotCurrent.selector, 1, 2));
    }

    function test_refuses_a_document_that_does_not_link_to_the_last() public {
        _settle(_next());
        Settlement memory settlement = _next();
        settlement.previousDocument = "another";
        _refuses(
            settlement,
            abi.encodeWithSelector(IRewardPool.PreviousDocumentInvalid.selector, bytes32("another"), rewards.document())
        );
    }

    function test_refuses_to_settle_without_document_or_root() public {
        Settlement memory settlement = _next();
        settlement.document = 0;
        _refuses(settlement, abi.encodeWithSelector(IRewardPool.DocumentMissing.selector));
        settlement = _next();
        settlement.root = 0;
        _refuses(settlement, abi.encodeWithSelector(IRewardPool.DocumentMissing.selector));
    }

    function testFuzz_refuses_a_total_that_is_not_what_is_spent(uint256 total) public {
        vm.assume(total != PRICE);
        Settlement memory settlement = _next();
        settlement.total = total;
        _refuses(settlement, abi.encodeWithSelector(IRewardPool.TotalInvalid.selector, total, PRICE));
    }

    /// @dev Amounts whose sum wraps round to what looks right.
    function testFuzz_refuses_amounts_that_overflow(uint256 huge) public {
        vm.assume(huge > PRICE);
        Settlement memory settlement = _next();
        settlement.spending = new Spending[](2);
        settlement.spending[0] = Spending(request, huge);
        unchecked {
            settlement.spending[1] = Spending(request, PRICE - huge);
        }
        _refuses(settlement, abi.encodeWithSelector(IRewardPool.TotalInvalid.selector, PRICE, type(uint256).max));
    }

    function test_refuses_more_than_the_escrow_holds() public {
        Settlement memory settlement = _settlement(request, 3 * PRICE + 1, "root");
        _refuses(
            settlement,
            abi.encodeWithSelector(IAccessRequests.EscrowExceeded.selector, request, 3 * PRICE + 1, 3 * PRICE)
        );
    }

    function test_refuses_fewer_signatures_than_the_threshold() public {
        Settlement memory settlement = _next();
        bytes[] memory one = new bytes[](1);
        one[0] = _sign(carol, _digest(rewards, _hash(settlement)));
        _refuses(settlement, one, abi.encodeWithSelector(IRewardPool.SignaturesTooFew.selector, 1, 2));
        _refuses(settlement, new bytes[](0), abi.encodeWithSelector(IRewardPool.SignaturesTooFew.selector, 0, 2));
    }

    function test_refuses_a_signer_twice() public {
        Settlement memory settlement = _next();
        bytes[] memory signatures = _signBy(carol, carol, settlement);
        _refuses(
            settlement,
            signatures,
            abi.encodeWithSelector(IRewardPool.SignersNotAscending.selector, carol.account, carol.account)
        );
    }

    function test_refuses_signers_in_another_order() public {
        Settlement memory settlement = _next();
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        (signatures[0], signatures[1]) = (signatures[1], signatures[0]);
        (address low, address high) =
            carol.account < cid.account ? (carol.account, cid.account) : (cid.account, carol.account);
        _refuses(settlement, signatures, abi.encodeWithSelector(IRewardPool.SignersNotAscending.selector, high, low));
    }

    function test_refuses_a_signer_who_is_no_custodian() public {
        Settlement memory settlement = _next();
        bytes[] memory signatures = _signBy(carol, mallory, settlement);
        _refuses(settlement, signatures, abi.encodeWithSelector(IRewardPool.SignerNotMember.selector, mallory.account));
    }

    function test_refuses_a_signature_that_is_none() public {
        Settlement memory settlement = _next();
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        signatures[1] = new bytes(65);
        _refuses(settlement, signatures, abi.encodeWithSelector(ICommonErrors.SignatureInvalid.selector, address(0)));
    }

    /// @dev The other s of the same signature would be a second signature of one signer.
    function test_refuses_high_s() public {
        Settlement memory settlement = _next();
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(carol.key, _digest(rewards, _hash(settlement)));
        bytes32 high = bytes32(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141 - uint256(s));
        signatures[0] = abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27));
        _refuses(settlement, signatures, abi.encodeWithSelector(ICommonErrors.SignatureInvalid.selector, address(0)));
    }

    function testFuzz_refuses_what_was_altered_after_signing(uint8 field) public {
        Settlement memory settlement = _next();
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        field = field % 4;
        if (field == 0) settlement.root = "Mallory's";
        if (field == 1) settlement.document = "Mallory's";
        if (field == 2) settlement.finals = new bytes32[](1);
        if (field == 3) {
            settlement.spending = new Spending[](2);
            settlement.spending[0] = Spending(request, PRICE - 1);
            settlement.spending[1] = Spending(request, 1);
        }
        // Recovery gives some other account each time: refused, whichever check notices first.
        (bool done,) = address(rewards).call(abi.encodeCall(rewards.settle, (settlement, signatures)));
        vm.assertFalse(done);
        vm.assertEq(rewards.settlements(), 0);
    }

    function test_refuses_a_settlement_of_another_chain() public {
        Settlement memory settlement = _next();
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        vm.chainId(block.chainid + 1);
        (bool done,) = address(rewards).call(abi.encodeCall(rewards.settle, (settlement, signatures)));
        vm.assertFalse(done);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_takes_what_two_signed_whoever_sends_it() public {
        Settlement memory settlement = _next();
        bytes[] memory signatures = _signBy(cora, cid, settlement);
        vm.expectEmit(address(rewards));
        emit IRewardPool.SettlementTaken(1, 1, "root", PRICE, settlement.document, 1, uint40(block.timestamp));
        vm.prank(mallory.account);
        rewards.settle(settlement, signatures);
        vm.assertEq(rewards.settlements(), 1);
        vm.assertEq(rewards.root(), "root");
        vm.assertEq(rewards.total(), PRICE);
        vm.assertEq(rewards.document(), settlement.document);
        vm.assertEq(token.balanceOf(address(rewards)), PRICE);
    }

    function test_takes_the_next_one_and_a_final() public {
        _settle(_next());
        Settlement memory settlement = _settlement(request, 2 * PRICE, "next root");
        settlement.finals = new bytes32[](1);
        settlement.finals[0] = request;
        _settle(settlement);
        vm.assertEq(rewards.total(), 3 * PRICE);
        vm.assertTrue(requests.request(request).isFinal);
    }

    /// @dev Before anybody has earned anything there is no tree, and a request that nobody used can be final.
    function test_takes_a_final_before_there_is_a_tree() public {
        Settlement memory settlement = _settlement(request, 0, 0);
        settlement.spending = new Spending[](0);
        settlement.finals = new bytes32[](1);
        settlement.finals[0] = request;
        _settle(settlement);
        vm.assertEq(rewards.total(), 0);
        vm.assertTrue(requests.request(request).isFinal);
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.ProofInvalid.selector, mallory.account, 1));
        rewards.claim(mallory.account, 1, new bytes32[](0));
    }

    function test_takes_more_signatures_than_the_threshold() public {
        Settlement memory settlement = _next();
        bytes32 digest = _digest(rewards, _hash(settlement));
        Actor[3] memory signers = [carol, cora, cid];
        for (uint256 i; i < 3; ++i) {
            for (uint256 j = i + 1; j < 3; ++j) {
                if (signers[i].account > signers[j].account) (signers[i], signers[j]) = (signers[j], signers[i]);
            }
        }
        bytes[] memory signatures = new bytes[](3);
        for (uint256 i; i < 3; ++i) {
            signatures[i] = _sign(signers[i], digest);
        }
        rewards.settle(settlement, signatures);
        vm.assertEq(rewards.settlements(), 1);
    }

    function testFuzz_takes_any_amount_within_the_escrow(uint256 amount) public {
        amount = amount % (3 * PRICE + 1);
        _settle(_settlement(request, amount, "root"));
        vm.assertEq(rewards.total(), amount);
        vm.assertEq(requests.request(request).spent, amount);
        vm.assertEq(token.balanceOf(address(rewards)), amount);
    }
}

contract SettleWithoutCommitteeTest is Base {
    /// @dev Proposed, and never confirmed.
    function _formCommittee() internal override {
        vm.prank(dao);
        committee.propose(2, _members());
    }

    function test_refuses_while_no_committee_is_active() public {
        Settlement memory settlement = _settlement(_openRequest(1), PRICE, "root");
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.SignaturesTooFew.selector, 2, 0));
        rewards.settle(settlement, signatures);
        settlement.epoch = 1;
        signatures = _signBy(carol, cid, settlement);
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.EpochNotCurrent.selector, 1, 0));
        rewards.settle(settlement, signatures);
    }
}
