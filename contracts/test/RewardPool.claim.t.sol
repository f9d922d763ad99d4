// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IRewardPool, Settlement} from "../src/interfaces/IRewardPool.sol";
import {Base} from "./Base.t.sol";

contract ClaimTest is Base {
    bytes32 internal request;

    function setUp() public override {
        super.setUp();
        request = _openRequest(100);
    }

    /// @dev Alice has earned `hers` ever, the treasury `its`.
    function _settleTwo(uint256 hers, uint256 its) internal {
        uint256 grown = hers + its - rewards.total();
        _settle(_settlement(request, grown, _node(_leaf(alice.account, hers), _leaf(treasury, its))));
    }

    function _proof(bytes32 sibling) internal pure returns (bytes32[] memory proof) {
        proof = new bytes32[](1);
        proof[0] = sibling;
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_before_anything_was_settled() public {
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.ProofInvalid.selector, alice.account, 1));
        rewards.claim(alice.account, 1, new bytes32[](0));
    }

    function test_refuses_a_second_claim() public {
        _settleTwo(3e18, 1e18);
        bytes32[] memory proof = _proof(_leaf(treasury, 1e18));
        rewards.claim(alice.account, 3e18, proof);
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.NothingToClaim.selector, alice.account, 3e18));
        rewards.claim(alice.account, 3e18, proof);
        vm.assertEq(token.balanceOf(alice.account), 3e18);
    }

    function test_refuses_the_proof_of_another_account() public {
        _settleTwo(3e18, 1e18);
        bytes32[] memory proof = _proof(_leaf(treasury, 1e18));
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.ProofInvalid.selector, mallory.account, 3e18));
        rewards.claim(mallory.account, 3e18, proof);
    }

    function testFuzz_refuses_another_total(uint256 total) public {
        vm.assume(total != 3e18);
        _settleTwo(3e18, 1e18);
        bytes32[] memory proof = _proof(_leaf(treasury, 1e18));
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.ProofInvalid.selector, alice.account, total));
        rewards.claim(alice.account, total, proof);
    }

    function test_refuses_a_proof_of_an_earlier_tree() public {
        _settleTwo(3e18, 1e18);
        _settleTwo(4e18, 2e18);
        bytes32[] memory proof = _proof(_leaf(treasury, 1e18));
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.ProofInvalid.selector, alice.account, 3e18));
        rewards.claim(alice.account, 3e18, proof);
    }

    /// @dev An inner node is no leaf: leaves are hashed twice.
    function testFuzz_refuses_an_inner_node_as_leaf(address account, uint256 total, bytes32[2] calldata proof) public {
        _settleTwo(3e18, 1e18);
        vm.assume(account != alice.account && account != treasury);
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.ProofInvalid.selector, account, total));
        bytes32[] memory path = new bytes32[](2);
        (path[0], path[1]) = (proof[0], proof[1]);
        rewards.claim(account, total, path);
    }

    /// @dev Two custodians who promise more than was spent pay out no more than was spent.
    function test_refuses_to_pay_more_than_was_settled() public {
        bytes32 root = _node(_leaf(alice.account, 3e18), _leaf(mallory.account, 2e18));
        _settle(_settlement(request, 4e18, root));
        rewards.claim(mallory.account, 2e18, _proof(_leaf(alice.account, 3e18)));
        bytes32[] memory proof = _proof(_leaf(mallory.account, 2e18));
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.SettledExceeded.selector, 5e18, 4e18));
        rewards.claim(alice.account, 3e18, proof);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_pays_the_account_whoever_sends_it() public {
        _settleTwo(3e18, 1e18);
        vm.expectEmit(address(rewards));
        emit IRewardPool.Claimed(alice.account, 3e18, 3e18);
        vm.prank(mallory.account);
        vm.assertEq(rewards.claim(alice.account, 3e18, _proof(_leaf(treasury, 1e18))), 3e18);
        vm.assertEq(token.balanceOf(alice.account), 3e18);
        vm.assertEq(rewards.claimed(alice.account), 3e18);
        vm.assertEq(rewards.totalClaimed(), 3e18);
    }

    function test_pays_the_difference_for_any_number_of_settlements() public {
        _settleTwo(3e18, 1e18);
        rewards.claim(alice.account, 3e18, _proof(_leaf(treasury, 1e18)));
        _settleTwo(5e18, 2e18);
        _settleTwo(8e18, 3e18);
        vm.assertEq(rewards.claim(alice.account, 8e18, _proof(_leaf(treasury, 3e18))), 5e18);
        vm.assertEq(token.balanceOf(alice.account), 8e18);
        vm.assertEq(rewards.claim(treasury, 3e18, _proof(_leaf(alice.account, 8e18))), 3e18);
        vm.assertEq(token.balanceOf(address(rewards)), 0);
    }

    function testFuzz_pays_the_difference_to_the_unit(uint128 first, uint128 second) public {
        uint256 hers = 1 + first % 50e18;
        uint256 more = 1 + second % 50e18;
        _settle(_settlement(request, hers, _leaf(alice.account, hers)));
        vm.assertEq(rewards.claim(alice.account, hers, new bytes32[](0)), hers);
        _settle(_settlement(request, more, _leaf(alice.account, hers + more)));
        vm.assertEq(rewards.claim(alice.account, hers + more, new bytes32[](0)), more);
        vm.assertEq(token.balanceOf(alice.account), hers + more);
        vm.assertEq(rewards.totalClaimed(), hers + more);
    }

    /// @dev A tree that promises the last unit of what was settled pays it, and no more.
    function test_pays_the_last_unit_that_was_settled() public {
        _settle(_settlement(request, 5e18, _leaf(alice.account, 5e18)));
        rewards.claim(alice.account, 5e18, new bytes32[](0));
        vm.assertEq(rewards.totalClaimed(), rewards.total());
        vm.assertEq(token.balanceOf(address(rewards)), 0);
    }

    function test_a_tree_of_one_leaf_needs_no_proof() public {
        _settle(_settlement(request, 2e18, _leaf(alice.account, 2e18)));
        vm.assertEq(rewards.claim(alice.account, 2e18, new bytes32[](0)), 2e18);
    }

    /// @dev fixtures/rewards.json is made by `@openzeppelin/merkle-tree` (fixtures/rewards.mjs).
    function test_takes_the_proofs_of_the_merkle_tree_package() public {
        string memory json = vm.readFile("test/fixtures/rewards.json");
        uint256 count = vm.parseJsonUint(json, ".count");
        Settlement memory settlement =
            _settlement(request, vm.parseJsonUint(json, ".total"), vm.parseJsonBytes32(json, ".root"));
        _settle(settlement);
        for (uint256 i; i < count; ++i) {
            string memory path = string.concat(".leaves[", vm.toString(i), "]");
            address account = vm.parseJsonAddress(json, string.concat(path, ".account"));
            uint256 total = vm.parseJsonUint(json, string.concat(path, ".total"));
            bytes32[] memory proof = vm.parseJsonBytes32Array(json, string.concat(path, ".proof"));
            vm.assertEq(rewards.claim(account, total, proof), total);
        }
        vm.assertEq(rewards.totalClaimed(), rewards.total());
        vm.assertEq(token.balanceOf(address(rewards)), 0);
    }
}
