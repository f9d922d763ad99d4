// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title ICommonErrors
/// @notice Errors that more than one contract of Granary uses. In a batch the selector of an error is the reason in the
/// `Skipped` event; elsewhere the call reverts with it.
interface ICommonErrors {
    /// @notice No pool has this number.
    error PoolUnknown(uint16 pool);

    /// @notice The pool takes neither contributions nor requests.
    error PoolIsClosed(uint16 pool);

    /// @notice A bit is set that the protocol does not define (yet). Bit 24, "clean room only", is among them.
    error PurposesUndefined(uint32 purposes);

    /// @notice No dataset has this id.
    error DatasetUnknown(bytes32 dataset);

    /// @notice The dataset was withdrawn, which is final.
    error DatasetWithdrawn(bytes32 dataset);

    /// @notice The message was to be used up to `deadline` and it is later.
    error MessageExpired(uint256 deadline);

    /// @notice Not the signature of `signer`, neither by ECDSA nor by ERC-1271 within its gas.
    error SignatureInvalid(address signer);

    /// @notice Two lists that belong together have different lengths.
    error LengthMismatch(uint256 left, uint256 right);

    /// @notice The zero address, where an account or contract is needed.
    error AddressZero();
}
