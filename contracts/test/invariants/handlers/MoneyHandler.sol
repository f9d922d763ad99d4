// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessRequest, Request} from "../../../src/interfaces/IAccessRequests.sol";
import {Settlement, Spending} from "../../../src/interfaces/IRewardPool.sol";
import {Handler} from "./Handler.sol";

/// @notice Does what people do with money, in any order: opens requests, settles, marks final, voids, gives back, refunds,
/// claims, lets time pass, changes prices, fees and the committee. It keeps books of its own.
contract MoneyHandler is Handler {
    /// @dev What a settlement that stands says; the list's index is its number.
    struct Entry {
        bytes encoded;
        uint256 aliceEarned;
        uint256 treasuryEarned;
        uint256 effectiveFrom;
    }

    bytes32[] public ids;
    uint256 public escrowed;
    uint256 public refunded;
    uint256 public claimed;
    /// @dev What came back to a request that had been refunded, and so to its trainer.
    uint256 public returnedToTrainer;
    /// @dev By settlements that stand.
    mapping(bytes32 request => uint256) public settled;
    /// @dev By settlements that were voided and not given back.
    mapping(bytes32 request => uint256) public dangling;
    uint256 public danglingInAll;

    Entry[] internal standing;
    bytes[] internal voided;
    bytes[] internal returned;
    uint256 internal documents;

    function setUp() public override {
        super.setUp();
        standing.push();
    }

    function _claimDelay() internal pure override returns (uint40) {
        return 1 days;
    }

    function open(uint256 count, uint256 salt, uint256) external {
        AccessRequest memory message = _request(uint32(1 + count % 50));
        message.salt = bytes32(salt);
        message.maxTotalPrice = type(uint256).max;
        bytes32 id = _hash(message);
        if (requests.request(id).trainer != address(0)) return;
        uint256 price = registry.pool(1).price * message.count;
        if (price > token.balanceOf(trent.account)) return;
        _open(message);
        ids.push(id);
        escrowed += price;
        _done("open");
    }

    /// @dev Spends from two requests (which may be the same one), and marks one of them final now and then.
    function settle(uint256 seed, uint256 amounts, uint256 finish) external {
        if (ids.length == 0) return;
        (bytes32 one, bytes32 two) = (ids[seed % ids.length], ids[(seed >> 128) % ids.length]);
        if (_isClosed(one) || _isClosed(two)) return;
        Settlement memory settlement = _settlement(one, 0, 0);
        settlement.document = keccak256(abi.encode(++documents));
        settlement.spending = new Spending[](2);
        settlement.spending[0] = Spending(one, amounts % (held(one) + 1));
        uint256 left = held(two) - (one == two ? settlement.spending[0].amount : 0);
        settlement.spending[1] = Spending(two, (amounts >> 128) % (left + 1));
        uint256 spent = settlement.spending[0].amount + settlement.spending[1].amount;
        if (finish % 4 == 0) {
            settlement.finals = new bytes32[](1);
            settlement.finals[0] = one;
            _done("final");
        }

        Entry memory last = standing[standing.length - 1];
        uint256 fee = spent * requests.request(one).treasuryBps / 10_000;
        last.treasuryEarned += fee;
        last.aliceEarned += spent - fee;
        last.effectiveFrom = block.timestamp + _claimDelay();
        settlement.total += spent;
        settlement.root = _node(_leaf(alice.account, last.aliceEarned), _leaf(treasury, last.treasuryEarned));
        last.encoded = abi.encode(settlement);
        _settle(settlement);
        standing.push(last);
        settled[one] += settlement.spending[0].amount;
        settled[two] += settlement.spending[1].amount;
        _done("settle");
    }

    function voidFrom(uint256 seed, uint256, uint256) external {
        uint256 first = standing.length;
        while (first > 1 && standing[first - 1].effectiveFrom > block.timestamp) --first;
        if (first == standing.length) return;
        uint256 number = first + seed % (standing.length - first);
        if (number + 1 < standing.length) _done("void several");
        if (number > first) _done("void in the middle");
        _voidFrom(number);
        while (standing.length > number) {
            bytes memory encoded = standing[standing.length - 1].encoded;
            _move(abi.decode(encoded, (Settlement)));
            voided.push(encoded);
            standing.pop();
        }
        _done("void");
    }

    function giveBack(uint256 seed, uint256, uint256) external {
        if (voided.length == 0) return;
        uint256 index = seed % voided.length;
        Settlement memory settlement = abi.decode(voided[index], (Settlement));
        for (uint256 i; i < settlement.spending.length; ++i) {
            Spending memory item = settlement.spending[i];
            dangling[item.request] -= item.amount;
            danglingInAll -= item.amount;
            if (requests.request(item.request).refunded) {
                returnedToTrainer += item.amount;
                _done("return to the trainer");
            }
        }
        rewards.giveBack(settlement);
        returned.push(voided[index]);
        voided[index] = voided[voided.length - 1];
        voided.pop();
        _done("give back");
    }

    /// @dev Mallory's: what stands or was given back is given back, what was voided is taken again.
    function cheat(uint256 seed, uint256 which, uint256) external {
        bytes[] storage list = which % 2 == 0 ? voided : returned;
        if (list.length != 0) {
            Settlement memory settlement = abi.decode(list[seed % list.length], (Settlement));
            bytes[] memory signatures = _signBy(carol, cid, settlement);
            try rewards.settle(settlement, signatures) {
                vm.assertTrue(false, "taken twice");
            } catch {
                _done("refuse a replay");
            }
        }
        if (returned.length != 0) _refusesToGiveBack(returned[seed % returned.length]);
        if (standing.length > 1) _refusesToGiveBack(standing[1 + seed % (standing.length - 1)].encoded);
    }

    function refund(uint256 seed, uint256, uint256) external {
        if (ids.length == 0) return;
        bytes32 id = ids[seed % ids.length];
        Request memory request = requests.request(id);
        uint256 amount = held(id);
        bool due = block.timestamp > uint256(request.expires) + request.window || _isFinalInEffect(id);
        try requests.refund(id) {
            vm.assertTrue(due && !request.refunded, "refunded once, when due");
            refunded += amount;
            _done("refund");
        } catch {
            vm.assertTrue(!due || request.refunded, "refused only when not due or a second time");
        }
    }

    function claim(uint256 byAlice, uint256, uint256) external {
        Entry memory last = standing[rewards.inEffect()];
        (address account, uint256 earned, bytes32 sibling) = byAlice % 2 == 0
            ? (alice.account, last.aliceEarned, _leaf(treasury, last.treasuryEarned))
            : (treasury, last.treasuryEarned, _leaf(alice.account, last.aliceEarned));
        if (earned == rewards.claimed(account)) return;
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = sibling;
        claimed += rewards.claim(account, earned, proof);
        _done("claim");
    }

    function passTime(uint256 time, uint256, uint256) external {
        vm.warp(block.timestamp + time % 40 hours);
        vm.prank(dao);
        trainers.approve(trent.account, type(uint40).max, 0);
        _done("pass time");
    }

    function changeTerms(uint256 price, uint256 treasuryBps, uint256 committee_) external {
        vm.prank(dao);
        registry.setPrice(1, 1e18 + price % 20e18);
        vm.prank(dao);
        requests.setFees(uint16(treasuryBps % 5001), 0);
        if (committee_ % 8 == 0) _formCommittee();
        _done("change terms");
    }

    // ------------------------------------------------------------------------------------------------------- books

    function held(bytes32 id) public view returns (uint256) {
        Request memory request = requests.request(id);
        return request.refunded ? 0 : uint256(request.price) * request.count - request.spent;
    }

    /// @dev Escrowed = settled + voided and not given back + refunded + still held, to the unit; and each sum is where it
    /// should be.
    function check() external view {
        uint256 heldInAll;
        uint256 settledInAll;
        for (uint256 i; i < ids.length; ++i) {
            Request memory request = requests.request(ids[i]);
            heldInAll += held(ids[i]);
            settledInAll += settled[ids[i]];
            vm.assertEq(request.spent, settled[ids[i]] + dangling[ids[i]], "spent by request");
            vm.assertLe(request.spent, uint256(request.price) * request.count, "settled <= escrowed, by request");
        }
        vm.assertEq(rewards.total(), settledInAll, "settled in all");
        vm.assertEq(
            escrowed,
            settledInAll + danglingInAll + refunded + returnedToTrainer + heldInAll,
            "escrowed = settled + voided + refunded + held"
        );
        vm.assertLe(rewards.totalClaimed(), rewards.settled(rewards.inEffect()).total, "claimed <= settled in effect");
        vm.assertLe(rewards.total(), escrowed, "settled <= escrowed");
        vm.assertEq(rewards.totalClaimed(), claimed, "claimed in all");
        vm.assertEq(rewards.settlements(), standing.length - 1, "what stands");
        vm.assertEq(token.balanceOf(address(requests)), heldInAll, "the escrow holds what is held");
        vm.assertEq(
            token.balanceOf(address(rewards)),
            rewards.total() - claimed + danglingInAll,
            "the pool holds what is unclaimed or to be given back"
        );
        vm.assertEq(token.balanceOf(alice.account) + token.balanceOf(treasury), claimed, "claimed was paid");
        vm.assertEq(
            token.balanceOf(trent.account),
            RICH - escrowed + refunded + returnedToTrainer,
            "the trainer paid what was used"
        );
    }

    function _isClosed(bytes32 id) private view returns (bool) {
        Request memory request = requests.request(id);
        return request.refunded || request.isFinal;
    }

    /// @dev Whether a settlement in effect lists the request among its finals: found by looking at each.
    function _isFinalInEffect(bytes32 id) private view returns (bool) {
        for (uint256 i = 1; i < standing.length; ++i) {
            if (block.timestamp < standing[i].effectiveFrom) return false;
            bytes32[] memory finals = abi.decode(standing[i].encoded, (Settlement)).finals;
            for (uint256 j; j < finals.length; ++j) {
                if (finals[j] == id) return true;
            }
        }
        return false;
    }

    function _move(Settlement memory settlement) private {
        for (uint256 i; i < settlement.spending.length; ++i) {
            Spending memory item = settlement.spending[i];
            settled[item.request] -= item.amount;
            dangling[item.request] += item.amount;
            danglingInAll += item.amount;
        }
    }

    function _refusesToGiveBack(bytes memory encoded) private {
        Settlement memory settlement = abi.decode(encoded, (Settlement));
        try rewards.giveBack(settlement) {
            vm.assertTrue(false, "given back twice, or though it stands");
        } catch {
            _done("refuse to give back");
        }
    }
}
