// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Contribution} from "../src/interfaces/IDatasetRegistry.sol";
import {Base} from "./Base.t.sol";
import {Actor} from "./support/Signing.sol";

/// @notice What a contribution costs whoever relays it: a hundred owners' in one batch, signature checks, calldata and
/// the transaction itself counted.
contract ContributeGasTest is Base {
    uint256 internal constant BATCH = 100;

    event log_named_uint(string name, uint256 value);

    function _batch() internal view returns (Contribution[] memory items, bytes[] memory signatures) {
        items = new Contribution[](BATCH);
        signatures = new bytes[](BATCH);
        for (uint256 i; i < BATCH; ++i) {
            uint256 key = uint256(keccak256(abi.encode("owner", i)));
            items[i] = _contribution();
            items[i].owner = vm.addr(key);
            items[i].content = keccak256(abi.encode("content", i));
            items[i].metadata = keccak256(abi.encode("metadata", i));
            signatures[i] = _sign(Actor(items[i].owner, key), _digest(registry, _hash(items[i])));
        }
    }

    function test_a_contribution_in_a_batch_of_100_costs_under_38000_gas() public {
        (Contribution[] memory items, bytes[] memory signatures) = _batch();
        bytes memory data = abi.encodeCall(registry.contribute, (items, signatures));
        uint256 calldataGas;
        for (uint256 i; i < data.length; ++i) {
            calldataGas += data[i] == 0 ? 4 : 16;
        }
        address target = address(registry);
        vm.cool(target);
        uint256 before = gasleft();
        (bool done,) = target.call(data);
        uint256 each = (21_000 + calldataGas + before - gasleft()) / BATCH;

        vm.assertTrue(done);
        for (uint256 i; i < BATCH; ++i) {
            bytes32 id = keccak256(abi.encode(items[i].owner, items[i].content));
            vm.assertEq(registry.dataset(id).owner, items[i].owner);
        }
        emit log_named_uint("gas of a contribution in a batch of 100", each);
        emit log_named_uint("of which calldata", calldataGas / BATCH);
        vm.assertLe(each, 38_000, "gas of a contribution in a batch of 100");
    }
}
