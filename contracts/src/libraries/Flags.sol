// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Flags
/// @notice The flags of a dataset.
library Flags {
    /// @dev Each request needs the owner's approval.
    uint8 internal constant ASK = 1;

    /// @dev The sealed file is one raw block; else the root of its CID is dag-pb.
    uint8 internal constant RAW_ROOT = 2;

    /// @dev Withdrawn, for good. Never in a contribution.
    uint8 internal constant WITHDRAWN = 4;

    /// @dev What a contribution may set.
    uint8 internal constant CONTRIBUTED = ASK | RAW_ROOT;
}
