// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "./ICommonErrors.sol";
import {IGranaryDomain} from "./IGranaryDomain.sol";

/// @notice The signed act of adding a dataset to a pool. Signed by `owner`.
struct Contribution {
    /// Who owns the dataset and signs.
    address owner;
    /// The SHA-256 digest in the sealed file's CID.
    bytes32 content;
    /// The digest in the CID of the public metadata document. Emitted, not stored.
    bytes32 metadata;
    /// The pool to join.
    uint16 pool;
    /// What the owner consents to, as a map of bits (see libraries/Purposes.sol). Zero permits nothing yet.
    uint32 purposes;
    /// Until when consent holds, in Unix seconds; 0 = until withdrawn.
    uint40 expires;
    /// `ASK` and `RAW_ROOT` only.
    uint8 flags;
    /// The last block time at which the message is taken.
    uint256 deadline;
}

/// @notice Replaces the consent given for a dataset. Signed by the dataset's owner.
struct ConsentUpdate {
    bytes32 dataset;
    uint32 purposes;
    uint40 expires;
    /// Whether each request needs an approval of its own.
    bool ask;
    /// When it was signed: it applies only if later than the last one applied, and not from the future.
    uint40 issued;
    uint256 deadline;
}

/// @notice Ends consent for good. Signed by `owner`. No deadline, and it may be repeated.
struct Withdrawal {
    address owner;
    bytes32 content;
}

/// @notice What the chain knows of a dataset. All zero = never heard of. A withdrawn one keeps owner and raw root only.
struct Dataset {
    address owner;
    uint32 purposes;
    uint40 expires;
    uint16 pool;
    uint8 flags;
    /// `issued` of the last consent update, 0 if there was none.
    uint40 issued;
}

/// @notice Datasets of one kind. `terms` and `lowestPrice` never change.
struct Pool {
    /// The digest in the CID of the terms document.
    bytes32 terms;
    /// The price per use never goes below it.
    uint256 lowestPrice;
    /// The price per use, in the token's smallest unit; at most 2^128 - 1.
    uint256 price;
    /// A closed pool takes neither contributions nor requests; what it has stays.
    bool closed;
}

/// @title IDatasetRegistry
/// @notice Who owns which dataset, what it may be used for, and the pools. It calls no other contract of Granary and
/// outlives them all.
/// @dev Batches never revert for one item: an item that does not hold is skipped with the selector of the error that
/// says why. They revert when the lists differ in length or the calldata is malformed (dirty high bits, say). Whoever
/// sends a batch gains nothing by it and needs no role; a relay that leaves items out only delays them.
interface IDatasetRegistry is ICommonErrors, IGranaryDomain {
    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice The id is taken: this owner contributed this content before.
    error DatasetExists(bytes32 dataset);

    /// @notice A flag is set that a contribution may not set.
    error FlagsUndefined(uint8 flags);

    /// @notice Consent would have ended already.
    error ConsentExpired(uint40 expires);

    /// @notice Not newer than the last update applied.
    error ConsentOutdated(uint40 issued, uint40 last);

    /// @notice Issued later than the block that would apply it.
    error ConsentFromFuture(uint40 issued);

    /// @notice A pool's price would go below the pool's lowest price.
    error PriceBelowLowest(uint256 price, uint256 lowestPrice);

    /// @notice Prices end at 2^128 - 1.
    error PriceTooHigh(uint256 price);

    /// @notice A pool without terms.
    error TermsMissing();

    // ------------------------------------------------------------------------------------------------------- events

    /// @notice A dataset was registered.
    event Contributed(
        bytes32 indexed dataset,
        address indexed owner,
        uint16 indexed pool,
        bytes32 content,
        bytes32 metadata,
        uint32 purposes,
        uint40 expires,
        uint8 flags
    );

    /// @notice A dataset's consent was replaced.
    event ConsentUpdated(bytes32 indexed dataset, uint32 purposes, uint40 expires, bool ask, uint40 issued);

    /// @notice A dataset was withdrawn, perhaps before it was ever contributed. Emitted once, however often it is sent.
    event Withdrawn(bytes32 indexed dataset, address indexed owner, bytes32 content);

    /// @notice Item `index` of the batch did nothing.
    /// @param reason The selector of the error that says why.
    event Skipped(uint256 indexed index, bytes4 reason);

    /// @notice A pool was created.
    event PoolCreated(uint16 indexed pool, bytes32 terms, uint256 lowestPrice, uint256 price);

    /// @notice A pool's price per use changed. Requests opened before keep theirs.
    event PoolPriceChanged(uint16 indexed pool, uint256 price);

    /// @notice A pool was closed or opened again.
    event PoolClosed(uint16 indexed pool, bool closed);

    // ---------------------------------------------------------------------------------------------------- functions

    /// @notice Registers datasets. Anyone may send it.
    /// @dev Reasons to skip: MessageExpired, DatasetExists, DatasetWithdrawn, PurposesUndefined, FlagsUndefined,
    /// ConsentExpired, PoolUnknown, PoolIsClosed, SignatureInvalid.
    /// Does not protect from rubbish or copies: nobody sees the plaintext.
    function contribute(Contribution[] calldata items, bytes[] calldata signatures) external;

    /// @notice Replaces consents. Anyone may send it. Touches neither pool, raw root nor withdrawn.
    /// @dev Reasons to skip: MessageExpired, DatasetUnknown, DatasetWithdrawn, PurposesUndefined, ConsentExpired,
    /// ConsentFromFuture, ConsentOutdated, SignatureInvalid.
    function updateConsent(ConsentUpdate[] calldata items, bytes[] calldata signatures) external;

    /// @notice Withdraws datasets for good. Anyone may send it. Before registration it leaves a tombstone, so that a
    /// contribution signed but not yet relayed can be called back. Cannot take back what a trainer already has.
    /// @dev One that is repeated is taken and does nothing: it may be sent by its owner and relayed. Reason to skip:
    /// SignatureInvalid.
    function withdraw(Withdrawal[] calldata items, bytes[] calldata signatures) external;

    /// @notice Creates a pool. Owner only.
    /// @return pool Its number, counted from 1.
    function createPool(bytes32 terms, uint256 lowestPrice, uint256 price) external returns (uint16 pool);

    /// @notice Changes a pool's price per use for requests to come. Owner only.
    function setPrice(uint16 pool, uint256 price) external;

    /// @notice Closes a pool or opens it again. Owner only.
    function setClosed(uint16 pool, bool closed) external;

    /// @notice `keccak256(abi.encode(owner, content))`: nobody can squat on somebody else's content.
    function datasetId(address owner, bytes32 content) external pure returns (bytes32);

    /// @notice One dataset. All zero if unknown.
    function dataset(bytes32 id) external view returns (Dataset memory);

    /// @notice Many datasets in the order asked for.
    function datasets(bytes32[] calldata ids) external view returns (Dataset[] memory);

    /// @notice One pool. All zero if unknown.
    function pool(uint16 id) external view returns (Pool memory);

    /// @notice How many pools there are; the last one's number.
    function poolCount() external view returns (uint16);
}
