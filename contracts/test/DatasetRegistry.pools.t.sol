// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {IDatasetRegistry, Pool} from "../src/interfaces/IDatasetRegistry.sol";
import {Base} from "./Base.t.sol";

contract PoolsTest is Base {
    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_everybody_but_the_owner() public {
        bytes memory refusal = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(this));
        vm.expectRevert(refusal);
        registry.createPool("terms", 1, 1);
        vm.expectRevert(refusal);
        registry.setPrice(1, PRICE);
        vm.expectRevert(refusal);
        registry.setClosed(1, true);
    }

    function testFuzz_refuses_a_price_below_the_lowest(uint256 lowest, uint256 price) public {
        vm.assume(price < lowest);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.PriceBelowLowest.selector, price, lowest));
        vm.prank(dao);
        registry.createPool("terms", lowest, price);
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.PriceBelowLowest.selector, 1e18 - 1, 1e18));
        vm.prank(dao);
        registry.setPrice(1, 1e18 - 1);
    }

    function test_refuses_a_price_beyond_128_bits() public {
        uint256 price = uint256(type(uint128).max) + 1;
        vm.expectRevert(abi.encodeWithSelector(IDatasetRegistry.PriceTooHigh.selector, price));
        vm.prank(dao);
        registry.setPrice(1, price);
    }

    function test_refuses_a_pool_without_terms() public {
        vm.expectRevert(IDatasetRegistry.TermsMissing.selector);
        vm.prank(dao);
        registry.createPool(0, 1, 1);
    }

    function test_refuses_an_unknown_pool() public {
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.PoolUnknown.selector, 7));
        vm.prank(dao);
        registry.setPrice(7, PRICE);
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.PoolUnknown.selector, 0));
        vm.prank(dao);
        registry.setClosed(0, true);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_counts_pools_from_one() public {
        vm.assertEq(registry.poolCount(), 1);
        vm.expectEmit(address(registry));
        emit IDatasetRegistry.PoolCreated(2, "terms", 3, 5);
        vm.prank(dao);
        vm.assertEq(registry.createPool("terms", 3, 5), 2);
        vm.assertEq(registry.poolCount(), 2);
        Pool memory pool = registry.pool(2);
        vm.assertEq(keccak256(abi.encode(pool)), keccak256(abi.encode(bytes32("terms"), 3, 5, false)));
    }

    function test_changes_price_and_state_but_neither_terms_nor_lowest_price() public {
        vm.expectEmit(address(registry));
        emit IDatasetRegistry.PoolPriceChanged(1, 9e18);
        vm.prank(dao);
        registry.setPrice(1, 9e18);
        vm.expectEmit(address(registry));
        emit IDatasetRegistry.PoolClosed(1, true);
        vm.prank(dao);
        registry.setClosed(1, true);
        Pool memory pool = registry.pool(1);
        vm.assertEq(pool.price, 9e18);
        vm.assertTrue(pool.closed);
        vm.assertEq(pool.lowestPrice, 1e18);
        vm.assertEq(pool.terms, keccak256("terms"));
        vm.prank(dao);
        registry.setClosed(1, false);
        vm.assertFalse(registry.pool(1).closed);
    }

    function test_a_new_owner_accepts_first() public {
        vm.prank(dao);
        registry.transferOwnership(alice.account);
        vm.assertEq(registry.owner(), dao);
        vm.prank(alice.account);
        registry.acceptOwnership();
        vm.assertEq(registry.owner(), alice.account);
    }
}
