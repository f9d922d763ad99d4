// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice A contract account whose signer is one key.
contract HonestWallet is IERC1271 {
    address private immutable _signer;

    constructor(address signer) {
        _signer = signer;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return ECDSA.recover(hash, signature) == _signer ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

/// @notice Mallory's: burns all gas that it gets.
contract BurningWallet {
    fallback() external {
        while (true) {}
    }
}

/// @notice Mallory's: answers with as many bytes as its gas buys, the right ones first.
contract FloodingWallet {
    fallback() external {
        bytes32 answer = bytes32(IERC1271.isValidSignature.selector);
        assembly {
            mstore(0, answer)
            return(0, 100000)
        }
    }
}

/// @notice Mallory's: reverts with the right answer.
contract RevertingWallet {
    fallback() external {
        bytes32 answer = bytes32(IERC1271.isValidSignature.selector);
        assembly {
            mstore(0, answer)
            revert(0, 32)
        }
    }
}

/// @notice Mallory's: answers with the right selector, but too few bytes.
contract ShortWallet {
    fallback() external {
        bytes32 answer = bytes32(IERC1271.isValidSignature.selector);
        assembly {
            mstore(0, answer)
            return(0, 4)
        }
    }
}

/// @notice Mallory's: says yes to whoever asks by a call that costs nothing, and burns all gas of a transaction.
contract TwoFacedWallet is IERC1271 {
    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        while (tx.gasprice != 0) {}
        return IERC1271.isValidSignature.selector;
    }
}

/// @notice Sends on whatever it is given, as a relayer that is a contract does.
contract Forwarder {
    function forward(address to, bytes calldata data) external {
        (bool done, bytes memory answer) = to.call(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }
}

/// @notice Says yes to everything.
contract YesWallet is IERC1271 {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return IERC1271.isValidSignature.selector;
    }
}

/// @notice Says yes if it got the gas that it was promised, less what its own first steps cost.
contract ThriftyWallet is IERC1271 {
    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        return gasleft() > 149_500 ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

/// @notice A wallet that says yes only once it was made ready (ERC-6492), which anybody may do.
contract ReadyWallet is IERC1271 {
    bool public ready;

    function prepare() external {
        ready = true;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        return ready ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
