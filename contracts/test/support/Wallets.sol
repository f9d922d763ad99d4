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
