// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessRequest, Request} from "../../src/interfaces/IAccessRequests.sol";
import {Settlement, Spending} from "../../src/interfaces/IRewardPool.sol";
import {Base} from "../Base.t.sol";

/// @notice Does what people do with money, in any order: opens requests, settles, marks final, refunds, claims, lets
/// time pass, changes prices and fees. It keeps books of its own.
contract MoneyHandler is Base {
    bytes32[] public ids;
    uint256 public escrowed;
    uint256 public refunded;
    uint256 public aliceEarned;
    uint256 public treasuryEarned;

    function open(uint32 count, uint8 salt) external {
        AccessRequest memory message = _request(1 + count % 50);
        message.salt = bytes32(uint256(salt));
        message.maxTotalPrice = type(uint256).max;
        bytes32 id = _hash(message);
        if (requests.request(id).trainer != address(0)) return;
        if (registry.pool(1).price * message.count > token.balanceOf(trent.account)) return;
        _open(message);
        ids.push(id);
        escrowed += registry.pool(1).price * message.count;
    }

    function settle(uint256 seed, uint256 amount, bool finish) external {
        if (ids.length == 0) return;
        bytes32 id = ids[seed % ids.length];
        Request memory request = requests.request(id);
        if (request.refunded || request.isFinal) return;
        amount = amount % (held(id) + 1);
        uint256 fee = amount * request.treasuryBps / 10_000;
        treasuryEarned += fee;
        aliceEarned += amount - fee;
        Settlement memory settlement =
            _settlement(id, amount, _node(_leaf(alice.account, aliceEarned), _leaf(treasury, treasuryEarned)));
        if (finish) {
            settlement.finals = new bytes32[](1);
            settlement.finals[0] = id;
        }
        _settle(settlement);
    }

    function refund(uint256 seed) external {
        if (ids.length == 0) return;
        bytes32 id = ids[seed % ids.length];
        Request memory request = requests.request(id);
        uint256 amount = held(id);
        bool due = request.isFinal || block.timestamp > uint256(request.expires) + request.window;
        try requests.refund(id) {
            vm.assertTrue(due && !request.refunded, "refunded once, when due");
            refunded += amount;
        } catch {
            vm.assertTrue(!due || request.refunded, "refused only when not due or a second time");
        }
    }

    function claim(bool byAlice) external {
        (address account, uint256 earned, bytes32 sibling) = byAlice
            ? (alice.account, aliceEarned, _leaf(treasury, treasuryEarned))
            : (treasury, treasuryEarned, _leaf(alice.account, aliceEarned));
        if (rewards.settlements() == 0 || earned == rewards.claimed(account)) return;
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = sibling;
        rewards.claim(account, earned, proof);
    }

    function passTime(uint32 time) external {
        vm.warp(block.timestamp + time % 5 days);
        vm.prank(dao);
        trainers.approve(trent.account, type(uint40).max, 0);
    }

    function changeTerms(uint64 price, uint16 treasuryBps) external {
        vm.prank(dao);
        registry.setPrice(1, 1e18 + uint256(price));
        vm.prank(dao);
        requests.setFees(treasuryBps % 5001, 0);
    }

    function held(bytes32 id) public view returns (uint256) {
        Request memory request = requests.request(id);
        return request.refunded ? 0 : uint256(request.price) * request.count - request.spent;
    }

    /// @dev Escrowed = paid to owners and treasury + refunded + still held, to the unit; and each sum is where it
    /// should be.
    function check() external view {
        uint256 heldInAll;
        uint256 spent;
        for (uint256 i; i < ids.length; ++i) {
            heldInAll += held(ids[i]);
            spent += requests.request(ids[i]).spent;
        }
        vm.assertEq(escrowed, spent + refunded + heldInAll, "escrowed = spent + refunded + held");
        vm.assertEq(token.balanceOf(address(requests)), heldInAll, "the escrow holds what is held");
        vm.assertEq(rewards.total(), spent, "settled = spent");
        vm.assertEq(aliceEarned + treasuryEarned, spent, "earned = spent");
        vm.assertLe(rewards.totalClaimed(), rewards.total(), "claimed <= settled");
        vm.assertLe(rewards.total(), escrowed, "settled <= escrowed");
        vm.assertEq(
            token.balanceOf(address(rewards)),
            rewards.total() - rewards.totalClaimed(),
            "the pool holds what is unclaimed"
        );
        vm.assertEq(
            token.balanceOf(alice.account) + token.balanceOf(treasury), rewards.totalClaimed(), "claimed was paid"
        );
        vm.assertEq(token.balanceOf(trent.account), RICH - escrowed + refunded, "the trainer paid what was used");
    }
}

contract MoneyInvariant {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    MoneyHandler private handler;

    function setUp() public {
        handler = new MoneyHandler();
        handler.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](6);
        selectors[0] = MoneyHandler.open.selector;
        selectors[1] = MoneyHandler.settle.selector;
        selectors[2] = MoneyHandler.refund.selector;
        selectors[3] = MoneyHandler.claim.selector;
        selectors[4] = MoneyHandler.passTime.selector;
        selectors[5] = MoneyHandler.changeTerms.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), selectors);
    }

    function invariant_money_is_neither_made_nor_lost() public view {
        handler.check();
    }
}
