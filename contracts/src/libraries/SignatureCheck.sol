// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title SignatureCheck
/// @notice Whether an account signed a digest: ECDSA first, then ERC-1271 with a limit on gas.
/// @dev ECDSA first, so that an account with EIP-7702 code keeps its key's signatures. Limited gas and no copy of the
/// answer, so that one wallet cannot burn a batch. Never reverts.
library SignatureCheck {
    /// @dev What a wallet's `isValidSignature` may burn. A sender who leaves less makes the check fail, which only
    /// delays the message.
    uint256 internal constant ERC1271_GAS = 150_000;

    /// @dev `signature`: 65 bytes (r, s, v) with low s, or whatever the wallet at `signer` takes.
    function isValid(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError fault,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault == ECDSA.RecoverError.NoError && recovered == signer) return true;
        return signer.code.length != 0 && _isValidERC1271(signer, digest, signature);
    }

    /// @dev The same for a signature in memory.
    function isValidMemory(address signer, bytes32 digest, bytes memory signature) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError fault,) = ECDSA.tryRecover(digest, signature);
        if (fault == ECDSA.RecoverError.NoError && recovered == signer) return true;
        return signer.code.length != 0 && _isValidERC1271(signer, digest, signature);
    }

    function _isValidERC1271(address wallet, bytes32 digest, bytes memory signature) private view returns (bool) {
        bytes memory data = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bool success;
        uint256 size;
        bytes32 answer;
        assembly ("memory-safe") {
            success := staticcall(ERC1271_GAS, wallet, add(data, 0x20), mload(data), 0x00, 0x20)
            size := returndatasize()
            answer := mload(0x00)
        }
        return success && size >= 32 && answer == bytes32(IERC1271.isValidSignature.selector);
    }
}
