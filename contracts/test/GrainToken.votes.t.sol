// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrainToken} from "../src/interfaces/IGrainToken.sol";
import {Dao} from "./support/Dao.sol";

contract VotesTest is Dao {
    // ----------------------------------------------------------------------------------------------------- refusals

    function testFuzz_refuses_to_be_transferred(address to, uint256 amount) public {
        vm.assume(to != address(0));
        amount = amount % 60e18;
        vm.expectRevert(IGrainToken.NotTransferable.selector);
        vm.prank(alice.account);
        grain.transfer(to, amount);
        vm.assertEq(grain.balanceOf(alice.account), 60e18);
    }

    function testFuzz_refuses_to_be_taken_with_an_allowance(address to, uint256 amount) public {
        vm.assume(to != address(0));
        amount = amount % 60e18;
        vm.prank(alice.account);
        grain.approve(mallory.account, type(uint256).max);
        vm.expectRevert(IGrainToken.NotTransferable.selector);
        vm.prank(mallory.account);
        grain.transferFrom(alice.account, to, amount);
        vm.assertEq(grain.balanceOf(alice.account), 60e18);
    }

    /// @dev The token has no owner and no role: these are all the ways in which it could be changed by anybody.
    function test_refuses_to_be_owned_paused_burnt_or_minted_by_anybody() public {
        string[10] memory functions = [
            "mint(address,uint256)",
            "burn(uint256)",
            "burnFrom(address,uint256)",
            "pause()",
            "transferOwnership(address)",
            "owner()",
            "grantRole(bytes32,address)",
            "upgradeTo(address)",
            "upgradeToAndCall(address,bytes)",
            "setRewards(address)"
        ];
        for (uint256 i; i < functions.length; ++i) {
            vm.prank(dao);
            (bool done,) = address(grain).call(abi.encodeWithSignature(functions[i], dao, uint256(1)));
            vm.assertFalse(done);
        }
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_counts_in_seconds() public {
        vm.assertEq(grain.clock(), block.timestamp);
        vm.assertEq(keccak256(bytes(grain.CLOCK_MODE())), keccak256("mode=timestamp"));
        vm.assertEq(governor.clock(), block.timestamp);
        uint256 before = block.timestamp - 1;
        vm.warp(block.timestamp + 10);
        vm.assertEq(grain.getPastVotes(alice.account, before), 60e18);
        vm.assertEq(grain.getPastTotalSupply(before), 100e18);
    }

    function test_bears_its_name() public view {
        vm.assertEq(keccak256(bytes(grain.name())), keccak256("Granary Grain"));
        vm.assertEq(keccak256(bytes(grain.symbol())), keccak256("GRAIN"));
        vm.assertEq(grain.decimals(), 18);
        vm.assertEq(address(grain.rewards()), address(rewards));
        vm.assertEq(grain.GRAIN_PER_CLAIMED(), 1);
    }

    /// @dev A vote may be lent to somebody and taken back; GRAIN itself stays.
    function test_may_be_delegated_and_taken_back() public {
        vm.prank(alice.account);
        grain.delegate(bob.account);
        vm.assertEq(grain.getVotes(bob.account), 100e18);
        vm.assertEq(grain.balanceOf(alice.account), 60e18);
        vm.prank(alice.account);
        grain.delegate(alice.account);
        vm.assertEq(grain.getVotes(bob.account), 40e18);
    }
}
