// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title SignatureCheck
/// @notice Whether an account signed a digest: ECDSA first, then ERC-1271 with a limit on gas.
/// @dev ECDSA first, so that an account with EIP-7702 code keeps its key's signatures. Limited gas and no copy of the
/// answer, so that one wallet cannot burn a batch. Reverts for one reason only, which is the sender's: `GasTooLow`.
library SignatureCheck {
    /// @notice The sender left less gas than a wallet's check is promised, so nobody can say what it would have answered.
    /// Without this an estimate of gas would find an amount at which the wallet fails and its message is skipped.
    error GasTooLow(uint256 left, uint256 needed);

    /// @dev What a wallet's `isValidSignature` may burn.
    uint256 internal constant ERC1271_GAS = 150_000;

    /// @dev What must be left to pass that on: a call gets at most 63 of 64 parts of it, and costs something itself.
    uint256 internal constant ERC1271_GAS_NEEDED = 156_000;

    /// @dev `signature`: 65 bytes (r, s, v) with low s, or whatever the wallet at `signer` takes.
    function isValid(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError fault,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (fault == ECDSA.RecoverError.NoError && recovered == signer) return true;
        return signer.code.length != 0 && isValidERC1271(signer, digest, signature);
    }

    /// @dev The same for a signature in memory.
    function isValidMemory(address signer, bytes32 digest, bytes memory signature) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError fault,) = ECDSA.tryRecover(digest, signature);
        if (fault == ECDSA.RecoverError.NoError && recovered == signer) return true;
        return signer.code.length != 0 && isValidERC1271(signer, digest, signature);
    }

    /// @dev What the code at `wallet` says, which must be there: a call of nothing succeeds.
    function isValidERC1271(address wallet, bytes32 digest, bytes memory signature) internal view returns (bool) {
        bytes memory data = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        if (gasleft() < ERC1271_GAS_NEEDED) revert GasTooLow(gasleft(), ERC1271_GAS_NEEDED);
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
