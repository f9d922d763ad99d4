// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureCheck} from "./libraries/SignatureCheck.sol";

/// @title SignInValidator
/// @notice Whether an account signed a sign-in text, also an account whose wallet is not deployed yet (ERC-6492). Never
/// deployed: the API sends this creation code, with the three arguments, as an `eth_call` without a receiver. The
/// constructor checks and answers one byte, 0x01 for yes and 0x00 for no, in place of code. What a wallet's factory does
/// meanwhile is forgotten with the call.
/// @dev The order of ERC-6492: the suffix first, then the account's code, then ECDSA. A call that reverts is a no: a
/// wrapped signature that cannot be decoded does. As everywhere in Granary a wallet's own check gets 150,000 gas; what
/// its factory may use is limited by the call's gas.
contract SignInValidator {
    /// @dev How a signature ends that says how its wallet is made.
    bytes32 private constant WRAPPED = 0x6492649264926492649264926492649264926492649264926492649264926492;

    constructor(address signer, bytes32 digest, bytes memory signature) {
        bool valid = _isValid(signer, digest, signature);
        assembly ("memory-safe") {
            mstore8(0x00, valid)
            return(0x00, 0x01)
        }
    }

    function _isValid(address signer, bytes32 digest, bytes memory signature) private returns (bool) {
        if (_isWrapped(signature)) return _isValidWrapped(signer, digest, signature);
        if (signer.code.length != 0) return SignatureCheck.isValidERC1271(signer, digest, signature);
        (address recovered, ECDSA.RecoverError fault,) = ECDSA.tryRecover(digest, signature);
        return fault == ECDSA.RecoverError.NoError && recovered == signer;
    }

    /// @dev A wallet that is there answers for itself. One that is not, or that says no, is made (or made ready) first.
    function _isValidWrapped(address signer, bytes32 digest, bytes memory wrapped) private returns (bool) {
        assembly ("memory-safe") {
            mstore(wrapped, sub(mload(wrapped), 0x20))
        }
        (address factory, bytes memory data, bytes memory signature) = abi.decode(wrapped, (address, bytes, bytes));
        if (signer.code.length != 0 && SignatureCheck.isValidERC1271(signer, digest, signature)) return true;
        assembly ("memory-safe") {
            pop(call(gas(), factory, 0, add(data, 0x20), mload(data), 0x00, 0x00))
        }
        return signer.code.length != 0 && SignatureCheck.isValidERC1271(signer, digest, signature);
    }

    function _isWrapped(bytes memory signature) private pure returns (bool) {
        if (signature.length < 32) return false;
        bytes32 end;
        assembly ("memory-safe") {
            end := mload(add(signature, mload(signature)))
        }
        return end == WRAPPED;
    }
}
