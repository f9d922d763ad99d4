// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Contribution, IDatasetRegistry} from "../src/interfaces/IDatasetRegistry.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {Base} from "./Base.t.sol";
import {Actor} from "./support/Signing.sol";
import {BurningWallet, FloodingWallet} from "./support/Wallets.sol";

/// @notice A batch in which some wallets do their worst.
contract BatchAccountsTest is Base {
    uint256 private constant BATCH = 20;

    /// @dev Contributions of as many keys, of which each third is in the name of a wallet with this code instead.
    function _batch(bytes memory code) private returns (Contribution[] memory items, bytes[] memory signatures) {
        items = new Contribution[](BATCH);
        signatures = new bytes[](BATCH);
        for (uint256 i; i < BATCH; ++i) {
            Actor memory owner = _actor(string(abi.encode("owner", i)));
            items[i] = _contribution();
            items[i].owner = i % 3 == 1 ? address(uint160(0xbad0000 + i)) : owner.account;
            if (i % 3 == 1) vm.etch(items[i].owner, code);
            signatures[i] = _sign(owner, _digest(registry, _hash(items[i])));
        }
    }

    function _registered(Contribution memory item) private view returns (bool) {
        return registry.dataset(keccak256(abi.encode(item.owner, item.content))).owner == item.owner;
    }

    function test_wallets_that_burn_all_gas_are_skipped_and_the_rest_is_untouched() public {
        (Contribution[] memory items, bytes[] memory signatures) = _batch(type(BurningWallet).runtimeCode);
        for (uint256 i = 1; i < BATCH; i += 3) {
            vm.expectEmit(address(registry));
            emit IDatasetRegistry.Skipped(i, ICommonErrors.SignatureInvalid.selector);
        }
        uint256 before = gasleft();
        registry.contribute(items, signatures);
        uint256 used = before - gasleft();
        for (uint256 i; i < BATCH; ++i) {
            vm.assertEq(_registered(items[i]), i % 3 != 1);
        }
        // Seven burners at 150,000 each, and thirteen contributions.
        vm.assertLe(used, 7 * 165_000 + 13 * 45_000, "gas of a batch with burning wallets");
    }

    function test_a_batch_with_too_little_gas_for_its_wallets_fails_as_a_whole() public {
        (Contribution[] memory items, bytes[] memory signatures) = _batch(type(BurningWallet).runtimeCode);
        (bool done,) = address(registry).call{gas: 500_000}(abi.encodeCall(registry.contribute, (items, signatures)));
        vm.assertFalse(done);
        vm.assertFalse(_registered(items[0]));
    }

    function test_long_answers_cost_the_rest_of_the_batch_nothing() public {
        (Contribution[] memory items, bytes[] memory signatures) = _batch(type(FloodingWallet).runtimeCode);
        uint256 before = gasleft();
        registry.contribute(items, signatures);
        vm.assertLe(before - gasleft(), 7 * 165_000 + 20 * 45_000, "gas of a batch with flooding wallets");
        for (uint256 i; i < BATCH; ++i) {
            vm.assertTrue(_registered(items[i]));
        }
    }
}
