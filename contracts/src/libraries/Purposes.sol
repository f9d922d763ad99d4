// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Purposes
/// @notice The map of bits that says what a dataset may be used for. Bits 0 to 23 permit, 24 to 31 restrict.
library Purposes {
    /// @dev Bits 0 to 4: pretraining, fine-tuning, evaluation, retrieval, synthetic data. Bits 16 to 18: commercial use,
    /// published weights, derived data kept. Bit 24, clean room only, is reserved: nothing can keep that promise yet.
    uint32 internal constant DEFINED = 0x0007001f;

    /// @dev The bits of which a request names exactly one.
    uint32 internal constant USES = 0x0000ffff;

    /// @dev Whether no undefined bit is set.
    function isDefined(uint32 purposes) internal pure returns (bool) {
        return purposes & ~DEFINED == 0;
    }

    /// @dev Whether exactly one use is named.
    function isSingleUse(uint32 purposes) internal pure returns (bool) {
        uint256 uses = purposes & USES;
        unchecked {
            return uses != 0 && uses & (uses - 1) == 0;
        }
    }
}
