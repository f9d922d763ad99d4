// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Base} from "../../Base.t.sol";

/// @notice What all handlers have in common: they count what they did, so that a test can tell whether a typical run gets
/// everywhere.
abstract contract Handler is Base {
    mapping(bytes32 action => uint256) public done;

    function _done(bytes32 action) internal {
        ++done[action];
    }
}

/// @notice What all invariant suites have in common.
abstract contract Suite {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function _handler() internal view virtual returns (Handler);

    /// @dev What the fuzzer calls. Each takes three words of dice.
    function _actions() internal pure virtual returns (bytes4[] memory);

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler());
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler()), _actions());
    }
}

/// @notice A suite that also shows that its handler gets everywhere.
abstract contract TypicalRun is Suite {
    event log_named_uint(string name, uint256 value);

    /// @dev What must have happened in a typical run.
    function _reached() internal pure virtual returns (bytes32[] memory);

    /// @dev 300 calls with dice that are the same each time.
    function test_a_typical_run_gets_everywhere() public {
        bytes4[] memory actions = _actions();
        for (uint256 i; i < 300; ++i) {
            uint256 dice = uint256(keccak256(abi.encode("typical", i)));
            bytes memory call = abi.encodeWithSelector(
                actions[dice % actions.length],
                keccak256(abi.encode(dice, 1)),
                keccak256(abi.encode(dice, 2)),
                keccak256(abi.encode(dice, 3))
            );
            (bool success, bytes memory reason) = address(_handler()).call(call);
            if (success) continue;
            assembly {
                revert(add(reason, 0x20), mload(reason))
            }
        }
        bytes32[] memory names = _reached();
        for (uint256 i; i < names.length; ++i) {
            uint256 times = _handler().done(names[i]);
            emit log_named_uint(string(abi.encodePacked(names[i])), times);
            require(times > 0, string(abi.encodePacked("never: ", names[i])));
        }
    }
}
