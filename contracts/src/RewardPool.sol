// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {GranaryDomain} from "./GranaryDomain.sol";
import {IAccessRequests} from "./interfaces/IAccessRequests.sol";
import {ICustodianCommittee} from "./interfaces/ICustodianCommittee.sol";
import {IRewardPool, Settlement, Spending} from "./interfaces/IRewardPool.sol";
import {MessageHash} from "./libraries/MessageHash.sol";

/// @title RewardPool
/// @notice Settlements and claims.
contract RewardPool is IRewardPool, GranaryDomain, Ownable2Step {
    using MessageHash for Settlement;
    using MessageHashUtils for bytes32;
    using SafeERC20 for IERC20;

    // ---------------------------------------------------------------------------------------------------- constants

    /// @inheritdoc IRewardPool
    uint256 public constant OWNERS_MINIMUM_BPS = 5000;

    /// @inheritdoc IRewardPool
    IERC20 public immutable token;

    /// @inheritdoc IRewardPool
    IAccessRequests public immutable requests;

    /// @inheritdoc IRewardPool
    ICustodianCommittee public immutable committee;

    /// @inheritdoc IRewardPool
    address public immutable guardian;

    /// @inheritdoc IRewardPool
    uint40 public immutable claimDelay;

    // ------------------------------------------------------------------------------------------------------ storage

    /// @inheritdoc IRewardPool
    uint256 public settlements;

    /// @inheritdoc IRewardPool
    bytes32 public root;

    /// @inheritdoc IRewardPool
    uint256 public total;

    /// @inheritdoc IRewardPool
    bytes32 public document;

    /// @inheritdoc IRewardPool
    uint256 public totalClaimed;

    /// @inheritdoc IRewardPool
    mapping(address account => uint256) public claimed;

    /// @inheritdoc IRewardPool
    address public treasury;

    // -------------------------------------------------------------------------------------------------- constructor

    constructor(
        IERC20 token_,
        IAccessRequests requests_,
        ICustodianCommittee committee_,
        address owner,
        address treasury_,
        address guardian_,
        uint40 claimDelay_
    ) Ownable(owner) {
        if (address(token_) == address(0) || address(requests_) == address(0) || address(committee_) == address(0)) {
            revert AddressZero();
        }
        token = token_;
        requests = requests_;
        committee = committee_;
        guardian = guardian_;
        claimDelay = claimDelay_;
        _setTreasury(treasury_);
    }

    // -------------------------------------------------------------------------------------------------- settlements

    /// @inheritdoc IRewardPool
    function settle(Settlement calldata settlement, bytes[] calldata signatures) external {
        uint256 expected = settlements + 1;
        if (settlement.number != expected) revert NumberInvalid(settlement.number, expected);
        uint32 current = committee.currentEpoch();
        if (settlement.epoch != current) revert EpochNotCurrent(settlement.epoch, current);
        if (settlement.previousDocument != document) {
            revert PreviousDocumentInvalid(settlement.previousDocument, document);
        }
        if (settlement.document == 0 || (settlement.root == 0 && settlement.total != 0)) revert DocumentMissing();
        (bytes32[] memory ids, uint256[] memory amounts, uint256 spent) = _sum(settlement.spending);
        uint256 grown = Math.saturatingAdd(total, spent);
        if (settlement.total != grown) revert TotalInvalid(settlement.total, grown);
        _checkSignatures(DOMAIN_SEPARATOR().toTypedDataHash(settlement.hash()), current, signatures);

        settlements = settlement.number;
        root = settlement.root;
        total = settlement.total;
        document = settlement.document;
        emit Settled(settlement.number, current, settlement.root, settlement.total, settlement.document);

        uint256 paid = requests.spend(ids, amounts, settlement.finals);
        if (paid != spent) revert SpendingMismatch(paid, spent);
    }

    // ------------------------------------------------------------------------------------------------------- claims

    /// @inheritdoc IRewardPool
    function claim(address account, uint256 earned, bytes32[] calldata proof) external returns (uint256 amount) {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(account, earned))));
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) revert ProofInvalid(account, earned);
        uint256 before = claimed[account];
        if (earned <= before) revert NothingToClaim(account, earned);
        amount = earned - before;
        uint256 sum = Math.saturatingAdd(totalClaimed, amount);
        if (sum > total) revert SettledExceeded(sum, total);

        claimed[account] = earned;
        totalClaimed = sum;
        emit Claimed(account, amount, earned);

        token.safeTransfer(account, amount);
    }

    // -------------------------------------------------------------------------------------------------------- owner

    /// @inheritdoc IRewardPool
    function setTreasury(address treasury_) external onlyOwner {
        _setTreasury(treasury_);
    }

    // ---------------------------------------------------------------------------------------------------- internals

    /// @dev Saturates instead of overflowing: the total then differs.
    function _sum(Spending[] calldata spending)
        private
        pure
        returns (bytes32[] memory ids, uint256[] memory amounts, uint256 spent)
    {
        ids = new bytes32[](spending.length);
        amounts = new uint256[](spending.length);
        for (uint256 i; i < spending.length; ++i) {
            ids[i] = spending[i].request;
            amounts[i] = spending[i].amount;
            spent = Math.saturatingAdd(spent, spending[i].amount);
        }
    }

    function _checkSignatures(bytes32 digest, uint32 epoch, bytes[] calldata signatures) private view {
        uint256 threshold = committee.threshold(epoch);
        if (threshold == 0 || signatures.length < threshold) revert SignaturesTooFew(signatures.length, threshold);
        address previous;
        for (uint256 i; i < signatures.length; ++i) {
            (address signer, ECDSA.RecoverError fault,) = ECDSA.tryRecoverCalldata(digest, signatures[i]);
            if (fault != ECDSA.RecoverError.NoError) revert SignatureInvalid(address(0));
            if (signer <= previous) revert SignersNotAscending(previous, signer);
            if (committee.memberIndex(epoch, signer) == 0) revert SignerNotMember(signer);
            previous = signer;
        }
    }

    function _setTreasury(address treasury_) private {
        if (treasury_ == address(0)) revert AddressZero();
        treasury = treasury_;
        emit TreasuryChanged(treasury_);
    }
}
